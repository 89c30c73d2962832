@rem The command line of the installed program: the server and its tools, under the Node that came with them.
@"%~dp0..\node\node.exe" "%~dp0..\app.asar.unpacked\out\server\medlane.js" %*
