# migration-guard: what every installed hook runs; sourced with $event (the hook's name) and $mg (our folder in the git directory) set.
#
# It answers "nothing to do" in plain sh with at most one git process, because starting Node costs twenty times more and
# almost no commit or merge touches a migration. Anything it is not sure of goes to the program. It never fails the user's
# command: only a pre-* hook whose program answered 40, and no other code, may stop it. Off: MIGRATION_GUARD=0.

[ "${MIGRATION_GUARD-}" != 0 ] || exit 0

# Each of these would change what the patterns below mean.
unset GIT_LITERAL_PATHSPECS GIT_GLOB_PATHSPECS GIT_NOGLOB_PATHSPECS

# A linked worktree's hooks have GIT_DIR set; only where .git is a file and it is not must git be asked.
git=${GIT_DIR:-.git}
[ -d "$git" ] || git=$(git rev-parse --git-dir) || exit 0

newline='
'

same() {
	git diff --quiet --no-ext-diff --no-renames "$@" -- @PATHSPECS@ 2>/dev/null
}

# Models without their migration are looked at, too.
same_models() {
	git diff --quiet --no-ext-diff --no-renames "$@" -- @PATHSPECS@ '*models.py' '*models/*.py' 2>/dev/null
}

# A branch that is new to the remote: what it changed since it left the branch that the remote calls its own, under whatever name.
same_since_mainline() {
	for name in HEAD main master; do
		same_models --merge-base "refs/remotes/$1/$name" "$2"
		case $? in
		0) return 0 ;;
		1) return 1 ;;
		esac
	done
	return 1
}

# A reftable keeps these refs out of sight, so there it may always be a pick.
picking() {
	[ -e "$git/CHERRY_PICK_HEAD" ] || [ -e "$git/REVERT_HEAD" ] || [ -d "$git/reftable" ]
}

rebasing() {
	[ -d "$git/rebase-merge" ] || [ -d "$git/rebase-apply" ]
}

# Are migrations staged in a folder with a max_migration.txt? Plain makemigrations does not write it.
leaves_max_behind() {
	found=
	staged=$(git diff --cached --name-only --no-ext-diff --no-renames -- @PATHSPECS@ 2>/dev/null)
	[ -n "$staged" ] || return 1
	saved=$IFS
	IFS=$newline
	set -f
	for path in $staged; do
		# A name that git had to quote is for the program to look at.
		case $path in
		*.py\") found=1 ;;
		*.py) [ ! -e "${path%/*}/max_migration.txt" ] || found=1 ;;
		esac
		[ -z "$found" ] || break
	done
	set +f
	IFS=$saved
	[ -n "$found" ]
}

nothing_to_do() {
	# A run that was interrupted has to be finished first.
	[ ! -e "$mg/open" ] || return 1
	case $event in
	post-merge)
		# --squash leaves HEAD alone and the result in the index.
		if [ "${1-0}" = 1 ]; then same --cached HEAD; else same ORIG_HEAD HEAD; fi
		;;
	pre-merge-commit)
		# One side brought no migration. What the other is called stands in the environment alone; several are for the program.
		same --cached HEAD && return 0
		heads=$(export -p)
		merged=${heads#*GITHEAD_}
		case $merged in
		"$heads" | *GITHEAD_*)
			merged=
			return 1
			;;
		esac
		merged=${merged%%=*}
		same --cached "$merged"
		;;
	pre-commit)
		rebasing && return 0
		if [ -e "$git/MERGE_HEAD" ] || [ -e "$git/SQUASH_MSG" ]; then same --cached HEAD; else ! leaves_max_behind; fi
		;;
	post-commit)
		rebasing && return 0
		if [ -e "$git/sequencer/head" ]; then
			# Several picks: they are looked at together, after the last one, which is then the only line left.
			{ read -r line && read -r line && [ -n "$line" ]; } <"$git/sequencer/todo" 2>/dev/null && return 0
			read -r start <"$git/sequencer/head" && same "$start" HEAD
		elif picking; then
			same HEAD^ HEAD
		else
			# One process says whether it is a merge, a revert, or a pick that was concluded by hand, of which git leaves no other trace than
			# its log of HEAD; most commits are none of them.
			said=$(git -c log.showSignature=false log -g -1 -s --format='of %P%n%gs%n%B' HEAD 2>/dev/null)
			[ -n "$said" ] || said=$(git cat-file commit HEAD)
			case ${said%%"$newline"*} in
			"of "*" "*) ;;
			*)
				case $said in
				*"${newline}parent "*"${newline}parent "*) ;;
				# Of a range, others may have brought the migrations.
				*"${newline}commit (cherry-pick)"* | *"${newline}cherry-pick"* | *"This reverts commit "*) return 1 ;;
				*) return 0 ;;
				esac
				;;
			esac
			same HEAD^ HEAD
		fi
		;;
	post-rewrite)
		[ "$1" != amend ] || return 0
		{ read -r onto <"$git/rebase-merge/onto" || read -r onto <"$git/rebase-apply/onto"; } 2>/dev/null && same "$onto" HEAD
		;;
	post-applypatch)
		# Once, after the last patch. A rebase with the same machinery has post-rewrite.
		[ ! -e "$git/rebase-apply/rebasing" ] || return 0
		{ read -r next <"$git/rebase-apply/next" && read -r last <"$git/rebase-apply/last"; } 2>/dev/null || return 0
		[ "$next" = "$last" ] || return 0
		same ORIG_HEAD HEAD
		;;
	pre-push)
		while read -r _ local ref remote; do
			case $ref in
			refs/heads/* | refs/for/*) ;;
			*) continue ;;
			esac
			# A deletion has only zeros here, and what is new to the remote there.
			case $local in *[!0]*) ;; *) continue ;; esac
			case $remote in
			*[!0]*) same_models "$remote" "$local" || return 1 ;;
			*) same_since_mainline "$1" "$local" || return 1 ;;
			esac
		done <<END
$pushed
END
		;;
	*) return 1 ;;
	esac
}

# What git says of each ref can be read only once, and is for the program, too.
pushed=
[ "$event" != pre-push ] || pushed=$(cat)

merged=
nothing_to_do "$@" && exit 0

# Git writes down what it merges after this hook. Ended here, it would leave changes in the index that nothing explains; so it stands there
# already, as a merge to be concluded or aborted. Git writes the same again.
case $merged in
'' | *[!0-9a-f]*) ;;
*)
	eval "name=\$GITHEAD_$merged"
	{ printf '%s\n' "$merged" >"$git/MERGE_HEAD" && printf 'Merge %s\n' "$name" >"$git/MERGE_MSG"; } 2>/dev/null
	;;
esac

# Where the last patch was resolved by hand, git goes on with the index it has in memory: this is said, and is for the program to heed.
# Only the command line of git tells; where it cannot be read, the cautious answer is the right one.
if [ "$event" = post-applypatch ]; then
	line=$(tr '\0' ' ' <"/proc/$PPID/cmdline" 2>/dev/null) || line=
	[ -n "$line" ] || line=$(ps -o args= -p "$PPID" 2>/dev/null)
	case $line in
	*" --continue"* | *" --resolved"* | *" -r "*) set -- resolved ;;
	*git*" am "*) ;;
	*) set -- resolved ;;
	esac
fi

node=@NODE@
[ -x "$node" ] || node=$(command -v node) || {
	echo "migration-guard: node not found, so $event did nothing; put node on the PATH and run: @INSTALL@" >&2
	exit 0
}
program=@PROGRAM@
[ -r "$program" ] || {
	echo "migration-guard: its program is gone from $program, so $event did nothing; run: @INSTALL@" >&2
	exit 0
}

# Node reads NODE_EXTRA_CA_CERTS at every start, which can double its cost.
call() {
	NODE_EXTRA_CA_CERTS='' "$node" "$program" hook -- "$event" "$@"
}
if [ -n "$pushed" ]; then
	call "$@" <<END
$pushed
END
else
	call "$@"
fi
rc=$?
case $event in
pre-*) [ $rc -ne 40 ] || exit 1 ;;
esac
exit 0
