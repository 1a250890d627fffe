# A mount namespace whose root is another release, with this machine's other folders in it; it lasts as long as this process.
# Runs by `unshare --mount`. $1: the release's folder. Not a chroot: from a container of an engine in one,
# `docker exec` would enter the host's root.
set -e
root=$1
mount --bind "$root" "$root"
mount -t tmpfs -o mode=755 tmpfs "$root/var/lib"
for folder in /*; do
  # Links stay links: /bin and /lib are ones.
  [ -d "$folder" ] && [ ! -L "$folder" ] || continue
  case $folder in /boot | /etc | /usr | /var | /lost+found) continue ;; esac
  mkdir -p "$root$folder"
  mount --rbind "$folder" "$root$folder"
done
if [ -e /etc/resolv.conf ]; then
  touch "$root/etc/resolv.conf"
  mount --bind /etc/resolv.conf "$root/etc/resolv.conf"
fi
mkdir -p "$root/.host"
cd "$root"
pivot_root . .host
exec /usr/bin/busybox sh -c '/usr/bin/busybox umount -l /.host && echo ready && exec /usr/bin/busybox sleep 2147483647'
