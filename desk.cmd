@echo off
rem Finds a Python through the py launcher and hands over to packaging\start, as ./desk does elsewhere.
setlocal
for %%v in (3.13 3.12 3.11 3) do (
  py -%%v -I -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && (
    py -%%v -I "%~dp0packaging\start" %*
    exit /b
  )
)
echo Assessor Desk needs Python 3.11 or newer with the py launcher, and this system has none. 1>&2
exit /b 1
