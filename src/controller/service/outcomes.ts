import type { EngineError } from '../../core/errors.ts';
import type { ObjectHealth } from '../../core/health.ts';
import { describeKey, formatKey, type ObjectKey } from '../../core/object-key.ts';
import type { Clock, Logger } from '../../core/ports.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import type { Fights } from './fights.ts';
import type { KubeEvents } from './kube-events.ts';
import { fightId, type PassResult } from './pass.ts';
import { readRequests, type Requests } from './requests.ts';
import type { Schedule } from './schedule.ts';
import { isReady, type Findings, type HistoryLine, type Tracked } from './tracked.ts';

export interface OutcomesOptions {
  readonly schedule: Schedule;
  readonly fights: Fights;
  readonly events: KubeEvents;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics?: Metrics;
  /** A pass looked at the health of everything at its end. */
  readonly onJudged: (tracked: Tracked, health: readonly ObjectHealth[]) => void;
  /** It was not, and now it is: synced and healthy. */
  readonly onReady: (tracked: Tracked) => void;
}

const MAX_HISTORY = 10;

/** Turns what a pass found into what is known, what people are told, and when to look again. */
export class Outcomes {
  readonly #options: OutcomesOptions;

  constructor(options: OutcomesOptions) {
    this.#options = options;
  }

  take(tracked: Tracked, result: PassResult, requests: Requests): void {
    const before = tracked.findings;
    const wasReady = isReady(tracked);
    this.#remember(tracked, result);
    if (result.line !== undefined) this.#takeLine(tracked, result.line, result);
    this.#tell(tracked, result.findings, before);
    // Last: from here on the status may be written.
    this.#judge(tracked, result);
    const { schedule } = this.#options;
    if (result.retryMs === undefined) tracked.failures = 0;
    else if (result.retryMs > 0) schedule.want(tracked, 'drift', { delayMs: result.retryMs });
    else schedule.retry(tracked);
    // Somebody asked while this pass was already on its way.
    const now = readRequests(tracked.object);
    if (now.approve !== requests.approve && now.approve === tracked.findings?.plan?.digest)
      schedule.want(tracked, 'person');
    if (!wasReady && isReady(tracked)) this.#options.onReady(tracked);
  }

  /** A pass that could not even begin, or a deletion that does not work. */
  fail(tracked: Tracked, error: EngineError): void {
    const news = tracked.findings?.message !== error.message;
    tracked.findings = {
      refusals: [],
      problems: [],
      sync: 'Failed',
      reason: error.code,
      message: error.message,
      error,
    };
    if (news) this.#options.events.say(tracked, 'Warning', error.code, error.message);
  }

  #remember(tracked: Tracked, result: PassResult): void {
    const { reconciled } = result;
    tracked.findings = result.findings;
    tracked.blockedBy = result.blockedBy;
    tracked.settled = result.settled;
    if (reconciled === undefined) return;
    tracked.inventory = reconciled.stored.state.inventory;
    if (reconciled.complete) tracked.completeDigest = reconciled.plan.manifestDigest;
    const { outcomes } = reconciled.report;
    for (const outcome of outcomes) this.#options.metrics?.stepped(outcome.result);
    if (!result.healed) return;
    const put = outcomes.filter(({ result: done }) => done === 'configured' || done === 'created');
    this.#noteHealed(
      tracked,
      put.map(({ key }) => key),
    );
  }

  #judge(tracked: Tracked, { reconciled }: PassResult): void {
    // A pass that was ended looked at nothing.
    if (reconciled?.applied !== true || reconciled.health.length !== tracked.inventory.length) return;
    if (tracked.pass !== undefined) tracked.pass.judged = true;
    this.#options.onJudged(tracked, reconciled.health);
  }

  #takeLine(tracked: Tracked, line: HistoryLine, { findings, healed }: PassResult): void {
    const [newest] = tracked.history;
    const same = newest?.number === line.number && newest.commit === line.commit && newest.outcome === line.outcome;
    // The same again (a failure that stays) is no news, and no write.
    if (!same) tracked.history = [line, ...tracked.history].slice(0, MAX_HISTORY);
    if (findings.sync !== 'Synced' || healed) return;
    const subject = findings.subject === undefined ? '' : `: ${findings.subject}`;
    this.#options.events.say(tracked, 'Normal', 'Synced', `${findings.message}${subject}`);
  }

  #tell(tracked: Tracked, findings: Findings, before: Findings | undefined): void {
    const { logger, events } = this.#options;
    const { sync, reason, message } = findings;
    if (sync === 'Failed' && message !== tracked.complaint) {
      logger.warn({ application: tracked.id, reason, error: message }, 'application not synced');
      events.say(tracked, 'Warning', reason, message);
    } else if (findings.error?.code === 'SourceUnverified' && findings.error.message !== before?.error?.message) {
      logger.warn({ application: tracked.id, error: findings.error.message }, 'commit not trusted');
      events.say(tracked, 'Warning', findings.error.code, findings.error.message);
    } else if (reason === 'Fight') {
      const fight = this.#describeFight(tracked) ?? message;
      events.say(tracked, 'Warning', 'Fight', fight);
      tracked.findings = { ...findings, message: fight };
    } else if (reason !== before?.reason && (reason === 'WaitsForApproval' || reason === 'PartlyRefused')) {
      events.say(tracked, 'Normal', reason, message);
    }
    tracked.complaint = sync === 'Failed' ? message : undefined;
  }

  #noteHealed(tracked: Tracked, keys: readonly ObjectKey[]): void {
    const { clock, events, fights } = this.#options;
    const nowMs = clock.monotonic();
    for (const key of keys) {
      const id = formatKey(key);
      fights.corrected(fightId(tracked, id), nowMs);
      const meddler = tracked.meddlers.get(id);
      const who = meddler === undefined ? '' : `: ${meddler} had changed it`;
      events.say(tracked, 'Normal', 'DriftCorrected', `${describeKey(key)} was put back to what Git says${who}`);
    }
  }

  #describeFight(tracked: Tracked): string | undefined {
    const nowMs = this.#options.clock.monotonic();
    for (const key of tracked.inventory) {
      const id = formatKey(key);
      if (!this.#options.fights.isFight(fightId(tracked, id), nowMs)) continue;
      const who = tracked.meddlers.get(id) ?? 'somebody';
      return `${describeKey(key)} is changed by ${who} again and again: it is put back less often`;
    }
    return undefined;
  }
}

/** A pass in one word, for the metric. */
export function outcomeOf(result: PassResult): string {
  const { sync, reason, error } = result.findings;
  // What Git says is not applied, however well the last trusted commit runs: alerts have to see it.
  if (error?.code === 'SourceUnverified') return 'failed';
  if (sync === 'Synced') return result.line === undefined ? 'unchanged' : 'synced';
  if (sync === 'Blocked' || reason === 'WaitsForApproval' || reason === 'Fight') return 'waiting';
  if (reason === 'PlanRefused' || reason === 'PartlyRefused') return 'refused';
  return reason === 'Superseded' ? 'cancelled' : 'failed';
}
