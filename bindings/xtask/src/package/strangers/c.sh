# From the archive, and from the package of Debian, which is unpacked here and not installed for everybody.
. "$SCRIPTS/command.sh"
. "$SCRIPTS/platform.sh"
tar -xzf "$DIST/voicecall-c-$VERSION-linux-"*.tar.gz
prefix=$(echo "$PWD/voicecall-c-$VERSION-linux-"*)
# The program of the README that came with it.
sed -n '/^```c$/,/^```$/p' "$prefix/share/doc/voicecall/README.md" | sed -n '2,/^```$/p' | sed '$d' >alarm.c
export PKG_CONFIG_PATH="$prefix/lib/pkgconfig"
cc alarm.c -o alarm $(pkg-config --cflags --libs voicecall) -Wl,-rpath,"$prefix/lib"
./alarm
cc alarm.c -o alarm-archive $(pkg-config --cflags --libs voicecall-static)
./alarm-archive
dpkg-deb -x "$DIST/libvoicecall_${VERSION}_"*.deb installed
cc alarm.c -o alarm-deb -Iinstalled/usr/include -Linstalled/usr/lib -lvoicecall
LD_LIBRARY_PATH=installed/usr/lib ./alarm-deb
