#!/bin/sh
# Debian's nginx, Caddy and HAProxy, and the libraries they need and this machine lacks, unpacked into a folder.
# Installs nothing.
set -eu
folder=$1
packages='nginx libnginx-mod-http-headers-more-filter caddy haproxy'

# Where nobody has looked yet what there is, only root may.
# shellcheck disable=SC2086 -- a list of packages, here and below
if ! apt-cache show $packages >/dev/null 2>&1; then
  apt-get update -q
fi

# The libraries that these packages name themselves, and are not installed.
missing() {
  apt-cache depends --important "$@" | sed -n 's/^ [ |]\(Pre\)\{0,1\}Depends: \(lib[^ ]*\)$/\2/p' | sort -u |
    while read -r library; do
      dpkg-query --show --showformat '${db:Status-Status}' "$library" 2>/dev/null | grep -q '^installed' ||
        echo "$library"
    done
}

new=$packages
while [ -n "$new" ]; do
  all="${all:-} $new"
  # shellcheck disable=SC2086
  new=$(for library in $(missing $new); do
    case " $all " in *" $library "*) ;; *) echo "$library" ;; esac
  done)
done

# Under another name until all is there.
unpacked=$(mktemp -d "$folder.XXXXXX")
trap 'rm -rf "$unpacked"' EXIT
mkdir "$unpacked/packages"
(
  cd "$unpacked/packages"
  # shellcheck disable=SC2086 -- what was listed may have been replaced meanwhile
  apt-get download -q $all || { apt-get update -q && apt-get download -q $all; }
  for package in *.deb; do dpkg -x "$package" ..; done
)
rm -r "$unpacked/packages"
# Another one may have been quicker.
mv -T "$unpacked" "$folder" 2>/dev/null || [ -d "$folder" ]
