# migration-guard: the merge driver of migrations. Run by git with: base ours theirs marker-size path [labels: base ours theirs].
#
# 0 merged, 1 a conflict that is marked in the file. Any other answer of the program, or no program, is git's own merge
# of the file: git takes every non-zero exit for a conflict and would leave our side without a mark in it (git 2.39),
# or give up the whole merge (above 128, git 2.42).

mg=${0%/*}

as_git_alone() {
	# Labels are passed since git 2.44; before, the placeholder comes through as it is.
	case ${7-%X} in %X) set -- "$1" "$2" "$3" "$4" "$5" base ours theirs ;; esac
	git merge-file --marker-size="$4" -L "$7" -L "$6" -L "$8" "$2" "$1" "$3" || exit 1
	exit 0
}

[ "${MIGRATION_GUARD-}" != 0 ] || as_git_alone "$@"

node=@NODE@
[ -x "$node" ] || node=$(command -v node) || {
	echo "migration-guard: node not found, merging $5 as git alone would" >&2
	as_git_alone "$@"
}
[ -r "$mg/program/cli.cjs" ] || as_git_alone "$@"

NODE_EXTRA_CA_CERTS='' "$node" "$mg/program/cli.cjs" merge-driver -- "$@"
rc=$?
[ $rc -gt 1 ] || exit $rc
# What a program that was killed had begun to write, beside our side.
rm -f "$2".*.tmp
as_git_alone "$@"
