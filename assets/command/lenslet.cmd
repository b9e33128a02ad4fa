@echo off
rem `lenslet ARGS`: the command line of the installed Lenslet, under the plain Node beside it. Without arguments the app opens.
setlocal
if "%~1"=="" (
  start "" "%~dp0..\..\Lenslet.exe"
  exit /b 0
)
"%~dp0..\node\node.exe" "%~dp0..\app.asar.unpacked\build\core\cli.js" %*
exit /b %errorlevel%
