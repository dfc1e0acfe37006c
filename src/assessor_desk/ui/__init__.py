"""All of Qt: the window, its workplaces and the parts that they are made of."""
