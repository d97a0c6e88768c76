import type { ServerResponse } from 'node:http';
import type { JsonObject, MutableJsonObject } from '../../core/json.ts';
import type { Clock } from '../clock.ts';
import type { Stored } from '../object.ts';
import { convertObject } from '../registry/convert.ts';
import { resourceVersionOf, type ObjectFilter } from '../registry/list.ts';
import type { Target } from '../registry/state.ts';
import { apiVersionOf, resourceId } from '../schema/resource.ts';
import { expired } from '../status.ts';
import type { Change, Store } from '../store/store.ts';

const BOOKMARK_INTERVAL_MS = 30_000;
/** A reader that is this far behind is cut off: it would cost memory without end. */
const BACKLOG_LIMIT_BYTES = 64 * 1024 * 1024;

export interface WatchOptions {
  readonly target: Target;
  readonly filter: ObjectFilter;
  /** Empty or '0': begin with what is there. */
  readonly resourceVersion: string;
  readonly bookmarks: boolean;
  readonly sendInitialEvents: boolean;
  readonly timeoutMs: number;
  /** The form of an object in an event. */
  readonly shape: (object: JsonObject) => JsonObject;
  readonly dropAfterEvents: number | undefined;
  readonly contentType: string;
}

interface WatchState {
  readonly store: Store;
  readonly clock: Clock;
}

/** All open watches of a server, so that faults can end them. */
export class Watches {
  readonly #open = new Set<(error: boolean) => void>();

  get size(): number {
    return this.#open.size;
  }

  /** Ends all watches: quietly, as on a timeout, or by cutting their connections. */
  drop(cut: boolean): void {
    for (const end of Array.from(this.#open)) end(cut);
  }

  /** Answers a watch request until it ends. @throws ApiError 410 before the first byte when its start is forgotten */
  serve(response: ServerResponse, options: WatchOptions, state: WatchState): void {
    const { target } = options;
    const id = resourceId(target.resource.group, target.resource.plural);
    const apiVersion = apiVersionOf(target.resource.group, target.version.version);
    const convert = (object: Stored): JsonObject => convertObject(object, target.resource, apiVersion);
    const fromNow = options.resourceVersion === '' || options.resourceVersion === '0' || options.sendInitialEvents;
    const past = fromNow ? [] : state.store.since(Number(options.resourceVersion));
    if (past === undefined) {
      const error = expired(`too old resource version: ${options.resourceVersion} (${state.store.revision})`);
      begin(response, options.contentType);
      response.end(`${JSON.stringify({ type: 'ERROR', object: error.toJson() })}\n`);
      return;
    }
    begin(response, options.contentType);
    let sent = 0;
    let ended = false;
    const cancels: (() => void)[] = [];
    const end = (cut: boolean): void => {
      if (ended) return;
      ended = true;
      for (const cancel of cancels) cancel();
      this.#open.delete(end);
      // What was sent before the cut still arrives; the chunked body just never ends.
      if (cut) response.socket?.end();
      else response.end();
    };
    const send = (type: string, object: JsonObject): void => {
      if (ended) return;
      response.write(`${JSON.stringify({ type, object })}\n`);
      sent++;
      if (options.dropAfterEvents !== undefined && sent >= options.dropAfterEvents) end(true);
      else if (response.writableLength > BACKLOG_LIMIT_BYTES) {
        end(true);
        response.destroy();
      }
    };
    const bookmark = (initial: boolean): void => {
      const metadata: MutableJsonObject = { resourceVersion: String(state.store.revision), creationTimestamp: null };
      if (initial) metadata['annotations'] = { 'k8s.io/initial-events-end': 'true' };
      const shaped = options.shape({ kind: target.resource.kind, apiVersion, metadata });
      send(
        'BOOKMARK',
        shaped['kind'] === 'Table'
          ? { ...shaped, metadata: { resourceVersion: String(state.store.revision) } }
          : shaped,
      );
    };
    const onChange = (change: Change): void => {
      if (change.resource !== id) return;
      const event = eventOf(change, convert, options.filter);
      if (event !== undefined) send(event.type, options.shape(event.object));
    };
    response.on('close', () => end(false));
    this.#open.add(end);
    if (fromNow) {
      const namespace = target.namespace === '' ? undefined : target.namespace;
      for (const object of state.store.list(id, namespace).map(convert))
        if (options.filter(object)) send('ADDED', options.shape(object));
      if (options.sendInitialEvents && options.bookmarks) bookmark(true);
    }
    for (const change of past) onChange(change);
    if (ended) return;
    cancels.push(
      state.store.subscribe(onChange),
      state.clock.after(options.timeoutMs, () => end(false)),
    );
    if (options.bookmarks) {
      const next = (): void => {
        bookmark(false);
        if (!ended) cancels.push(state.clock.after(BOOKMARK_INTERVAL_MS, next));
      };
      cancels.push(state.clock.after(BOOKMARK_INTERVAL_MS, next));
    }
  }
}

function begin(response: ServerResponse, contentType: string): void {
  response.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-cache, private' });
  response.flushHeaders();
}

/** What a change is to a watcher who sees only what fits the filter. */
function eventOf(
  change: Change,
  convert: (object: Stored) => JsonObject,
  filter: ObjectFilter,
): { readonly type: string; readonly object: JsonObject } | undefined {
  const object = convert(change.object);
  if (change.type === 'DELETED')
    return change.before !== undefined && filter(convert(change.before)) ? { type: 'DELETED', object } : undefined;
  const fits = filter(object);
  const before = change.before === undefined ? undefined : convert(change.before);
  const fitted = before !== undefined && filter(before);
  if (fits) return { type: fitted ? 'MODIFIED' : 'ADDED', object };
  return fitted ? { type: 'DELETED', object: withRevision(before, resourceVersionOf(object)) } : undefined;
}

function withRevision(object: JsonObject, resourceVersion: string): JsonObject {
  const metadata = object['metadata'];
  return { ...object, metadata: { ...(metadata as JsonObject), resourceVersion } };
}
