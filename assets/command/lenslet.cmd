@echo off
rem `lenslet ARGS`: the command line of the installed Lenslet. Without arguments the app opens.
setlocal
if "%~1"=="" (
  start "" "%~dp0..\..\Lenslet.exe"
  exit /b 0
)
set ELECTRON_RUN_AS_NODE=1
"%~dp0..\..\Lenslet.exe" "%~dp0..\app.asar\build\main\cli.js" %*
exit /b %errorlevel%
