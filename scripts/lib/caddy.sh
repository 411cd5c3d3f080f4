# shellcheck shell=bash
# Caddy, which stands in front: the system's, or Debian's taken out of its package, so that nothing is started here.

set_up_caddy() {
    caddy=$(command -v caddy) && return
    caddy=$LECTERN_CACHE/caddy/usr/bin/caddy
    [ ! -x "$caddy" ] || return 0
    have apt-get || return 1
    local scratch failed=0
    scratch=$(mktemp -d)
    note "Taking Caddy out of Debian's package."
    (cd "$scratch" && attempt 120 apt-get download caddy && mkdir opened && dpkg -x caddy_*.deb opened) || failed=1
    [ "$failed" -eq 1 ] || { rm -rf "$LECTERN_CACHE/caddy" && cp -R "$scratch/opened" "$LECTERN_CACHE/caddy"; }
    rm -rf "$scratch"
    return "$failed"
}

# caddy_file SITE...: with plain HTTP alone. Told nothing, Caddy makes a certificate authority of its own and has the whole
# machine trust it.
caddy_file() {
    printf '{\n\tadmin off\n\tauto_https off\n\tskip_install_trust\n}\n'
    printf '%s\n' "$@"
}

# caddy_way FROM TO: passes everything on.
caddy_way() { printf 'http://%s {\n\treverse_proxy %s\n}\n' "$1" "$2"; }

# keep_caddy NAME HOST FILE
keep_caddy() { keep "$1" "$2" env HOME="$scratch" "$caddy" run --adapter caddyfile --config "$3"; }

# caddy_site PORT HEALTH TO...: passes on to those that are well, and asks another when one does not take the connection.
caddy_site() {
    local port=$1 health=$2
    shift 2
    cat <<END
http://:$port {
	reverse_proxy $* {
		health_uri $health
		health_interval 1s
		health_timeout 2s
		fail_duration 3s
		lb_policy round_robin
		lb_try_duration 10s
		lb_try_interval 100ms
		flush_interval -1
	}
}
END
}
