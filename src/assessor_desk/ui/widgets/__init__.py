"""The parts that several workplaces use: data in, meaning out."""
