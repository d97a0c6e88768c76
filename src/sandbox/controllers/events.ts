import { createHash } from 'node:crypto';
import { own, type MutableJsonObject } from '../../core/json.ts';
import { formatTime } from '../clock.ts';
import { child, nameOf, namespaceOf, textOf, uidOf, type Stored } from '../object.ts';
import { change, create, read } from './access.ts';
import type { ControllerContext } from './controller.ts';

/** Records that something happened to an object; the same again counts up. */
export function recordEvent(
  context: ControllerContext,
  about: Stored,
  source: string,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
): void {
  const { state } = context;
  const namespace = namespaceOf(about) || 'default';
  if (state.store.get('/namespaces', '', namespace) === undefined) return;
  const time = formatTime(context.clock.now());
  const stamp = createHash('sha256')
    .update(`${uidOf(about)} ${type} ${reason} ${message}`)
    .digest('hex')
    .slice(0, 16);
  const name = `${nameOf(about).slice(0, 200)}.${stamp}`;
  const known = read(state, '', 'events', namespace, name);
  if (known !== undefined) {
    change(state, '', 'events', known, (event) => {
      event['count'] = Number(own(known, 'count') ?? 1) + 1;
      event['lastTimestamp'] = time;
    });
    return;
  }
  const body: MutableJsonObject = {
    metadata: { name, namespace },
    involvedObject: {
      kind: textOf(about, 'kind'),
      apiVersion: textOf(about, 'apiVersion'),
      namespace: namespaceOf(about),
      name: nameOf(about),
      uid: uidOf(about),
    },
    type,
    reason,
    message,
    source: { component: source },
    reportingComponent: source,
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
  };
  if (namespaceOf(about) === '') delete child(body, 'involvedObject')['namespace'];
  try {
    create(state, '', 'events', namespace, body, source);
  } catch {
    // Events are told, not promised: a namespace that goes away takes none.
  }
}
