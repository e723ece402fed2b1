import type {Answer, Draft} from './answer.ts';
import {explainCycle} from './answer-cycle.ts';
import {explainExisting} from './answer-existing.ts';
import {explainFork, explainNoAncestor} from './answer-fork.ts';
import {explainHearsay} from './answer-hearsay.ts';
import {explainInconsistency} from './answer-inconsistency.ts';
import {explainIrreversible} from './answer-irreversible.ts';
import {explainLacking} from './answer-lacking.ts';
import {explainBadMigration, explainUnreadable} from './answer-loading.ts';
import {explainMaxMigration} from './answer-max-migration.ts';
import {explainMissingNode} from './answer-missing-node.ts';
import {explainUnresolved} from './answer-models.ts';
import {explainAppWithoutMigrations, explainUnknownApp, explainUnknownName} from './answer-names.ts';
import {explainSchemaMissing} from './answer-schema-missing.ts';
import {explainSquashCycle} from './answer-squash-cycle.ts';
import {explainState} from './answer-state.ts';
import type {Diagnosis} from './diagnosis.ts';
import type {Facts} from './facts.ts';

/** Say what a recognised error means in this repository, and which commands end it. Pure; asks `facts` only for what it needs. */
export function explain(diagnosis: Diagnosis, facts: Facts): Answer {
	const draft = answerTo(diagnosis, facts);
	return {genuine: true, here: true, nodes: [], places: [], notes: [], ...draft, code: diagnosis.kind, said: diagnosis.said};
}

function answerTo(diagnosis: Diagnosis, facts: Facts): Draft {
	switch (diagnosis.kind) {
		case 'conflicting-migrations':
			return explainFork(diagnosis, facts);
		case 'node-not-found':
			return explainMissingNode(diagnosis, facts);
		case 'inconsistent-history':
			return explainInconsistency(diagnosis, facts);
		case 'circular-dependency':
			return explainCycle(diagnosis, facts);
		case 'already-exists':
			return explainExisting(diagnosis, facts);
		case 'does-not-exist':
			return explainLacking(diagnosis, facts);
		case 'schema-missing':
			return explainSchemaMissing(diagnosis, facts);
		case 'no-migration-class':
			return explainBadMigration(diagnosis, facts);
		case 'unreadable-file':
			return explainUnreadable(diagnosis, facts);
		case 'unresolved-model':
			return explainUnresolved(diagnosis, facts);
		case 'not-in-state':
			return explainState(diagnosis, facts);
		case 'irreversible':
			return explainIrreversible(diagnosis, facts);
		case 'app-without-migrations':
			return explainAppWithoutMigrations(diagnosis, facts);
		case 'squash-cycle':
			return explainSquashCycle(diagnosis, facts);
		case 'no-common-ancestor':
			return explainNoAncestor(diagnosis, facts);
		case 'unknown-name':
			return explainUnknownName(diagnosis, facts);
		case 'unknown-app':
			return explainUnknownApp(diagnosis, facts);
		case 'max-migration':
			return explainMaxMigration(diagnosis, facts);
		case 'hearsay':
			return explainHearsay(diagnosis, facts);
	}
}
