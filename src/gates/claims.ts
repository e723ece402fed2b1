import type {Verdict as Wish} from '../config/config.ts';
import type {Ground} from '../doors/ground.ts';
import type {Settings} from '../doors/settings.ts';
import {isAncestor} from '../git/revisions.ts';
import {ownedByAnother} from '../migrations/check-merge.ts';
import type {Finding} from '../migrations/finding.ts';
import type {Met} from './met.ts';
import {bringing, openBranches, tipsOf} from './open-branches.ts';
import {claimant, claimsOn} from './single-owner.ts';
import {examineTips} from './tips.ts';

/**
 * Apps whose migrations another open branch touches, too, where the configuration wants one at a time. Open branches are those that this
 * clone has of the remote; one that this branch is built on, or that is built on it, is none.
 */
export function claimFindings(ground: Ground, {ref, mainline, incoming}: Met, {load}: Settings, wish: Wish): Finding[] {
	if (wish === 'off') return [];
	const {repo} = ground;
	const cache = tipsOf(repo, load);
	const {open} = examineTips(repo, [incoming], [mainline], {options: load, cache, hasTime: () => true});
	const [mine] = bringing(ground, mainline, [...open.values()]);
	if (!mine) return [];
	const looked = {
		mainline: [{ref: ref.startsWith('refs/') ? ref : `refs/remotes/${ref}`, oid: mainline, remote: true}],
		below: ['refs/remotes/'],
		except: (_: string, oid: string) => oid === incoming,
		hasTime: () => true,
	};
	const others = openBranches(ground, load, cache, looked).branches.filter(
		({tip, apps}) =>
			apps.some(app => mine.apps.includes(app)) && !isAncestor(repo, incoming, tip.oid) && !isAncestor(repo, tip.oid, incoming),
	);
	const claims = claimsOn(claimant({...mine, name: 'this branch', also: []}), others.map(claimant));
	return claims.map(({app, owner, other}) => {
		const isOurs = owner.name === 'this branch';
		const severity = wish === 'stop' && !isOurs ? 'error' : 'notice';
		return ownedByAnother(
			{app, rival: isOurs ? other.name : owner.name, isOurs},
			mine.adds.flatMap(({key, app: of}) => (of === app ? [key] : [])),
			severity,
		);
	});
}
