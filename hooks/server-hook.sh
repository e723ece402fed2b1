# migration-guard on a server: what the installed pre-receive or update hook runs; sourced with $event (the hook's name) and $mg (our
# folder in the repository) set.
#
# Refs that are not protected, and pushes in which no migration changed, are answered here with one `git diff --quiet`; the rest goes to the
# program. Where the program is missing the push goes through, and that is said: a guard that is gone must not close a repository.

# Each of these would change what the patterns below mean.
unset GIT_LITERAL_PATHSPECS GIT_GLOB_PATHSPECS GIT_NOGLOB_PATHSPECS

newline='
'

# Branches as the administrator names them, one a line, each a pattern of the shell; by default the one that HEAD names.
protected=$(git config --get-all migration-guard.protected) || protected=$(git symbolic-ref -q HEAD)

is_protected() {
	set -f
	old_ifs=$IFS
	IFS=$newline
	for pattern in $protected; do
		case $pattern in refs/*) ;; *) pattern=refs/heads/$pattern ;; esac
		# shellcheck disable=SC2254 # it is meant as a pattern
		case $1 in $pattern) IFS=$old_ifs && set +f && return 0 ;; esac
	done
	IFS=$old_ifs
	set +f
	return 1
}

# Whether the program has to look at a ref that goes from $1 to $2 and is called $3.
matters() {
	is_protected "$3" || return 1
	case $2 in *[!0]*) ;; *) return 1 ;; esac # deleted
	case $1 in *[!0]*) ;; *) return 0 ;; esac # new
	! git diff --quiet --no-ext-diff --no-renames "$1" "$2" -- @PATHSPECS@ 2>/dev/null
}

asked=
if [ "$event" = update ]; then
	matters "$2" "$3" "$1" && asked="$2 $3 $1$newline"
else
	while read -r old new ref; do
		matters "$old" "$new" "$ref" && asked="$asked$old $new $ref$newline"
	done
fi
[ -n "$asked" ] || exit 0

node=@NODE@
[ -x "$node" ] || node=$(command -v node) || {
	echo "migration-guard: node not found on the server, so this push was not checked" >&2
	exit 0
}
program=@PROGRAM@
[ -r "$program" ] || {
	echo "migration-guard: its program is gone from the server, so this push was not checked" >&2
	exit 0
}

NODE_EXTRA_CA_CERTS='' "$node" "$program" server-hook <<END
$asked
END
# Any other answer is a mistake of ours, which is said and stops nobody.
[ $? -ne 40 ] || exit 1
exit 0
