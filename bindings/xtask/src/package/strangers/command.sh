# The command `voicecall` from its archive, on the PATH.
tar -xzf "$DIST/voicecall-cli-$VERSION-linux-"*.tar.gz
PATH=$(echo "$PWD/voicecall-cli-$VERSION-linux-"*/bin):$PATH
