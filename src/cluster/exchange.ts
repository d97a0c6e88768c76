import type { Dispatcher } from 'undici';

export interface ExchangeRequest {
  readonly origin: string;
  readonly path: string;
  readonly method: Dispatcher.HttpMethod;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: string | undefined;
  /** For the whole answer. */
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
  /** Each of them ends it. */
  readonly signals: readonly (AbortSignal | undefined)[];
}

export interface ExchangeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** Why an exchange was ended from this side. */
export class ExchangeStopped extends Error {
  override readonly name = 'ExchangeStopped';
  readonly why: 'timeout' | 'signal';

  constructor(why: 'timeout' | 'signal') {
    super(why);
    this.why = why;
  }
}

/**
 * One request and its whole answer as text. Goes to the dispatcher directly: a stream and an abort controller for each answer would
 * cost as much as the request itself. Rejects with ExchangeStopped, or with what undici reports.
 */
export async function exchange(dispatcher: Dispatcher, request: ExchangeRequest): Promise<ExchangeAnswer> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let stopped: ExchangeStopped | undefined;
    let settled = false;
    let status = 0;
    let headers: ExchangeAnswer['headers'] = {};
    const chunks: Buffer[] = [];
    let sizeBytes = 0;

    const stop = (why: 'timeout' | 'signal'): void => {
      if (settled) return;
      stopped = new ExchangeStopped(why);
      if (controller === undefined) settle(() => reject(stopped as ExchangeStopped));
      else controller.abort(stopped);
    };
    const onAbort = (): void => stop('signal');
    const timer = setTimeout(stop, request.timeoutMs, 'timeout');
    const settle = (finish: () => void): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      for (const signal of request.signals) signal?.removeEventListener('abort', onAbort);
      finish();
    };
    for (const signal of request.signals) signal?.addEventListener('abort', onAbort);

    try {
      dispatcher.dispatch(
        {
          origin: request.origin,
          path: request.path,
          method: request.method,
          headers: request.headers,
          body: request.body ?? null,
          headersTimeout: 0,
          bodyTimeout: 0,
        },
        {
          onRequestStart(started) {
            controller = started;
            // It was given up while it waited for a connection.
            if (settled) started.abort(stopped ?? new ExchangeStopped('signal'));
          },
          onResponseStart(_controller, statusCode, found) {
            if (statusCode < 200) return;
            status = statusCode;
            headers = found;
          },
          onResponseData(current, chunk) {
            sizeBytes += chunk.length;
            if (sizeBytes > request.maxResponseBytes) {
              current.abort(new Error(`the answer is larger than ${request.maxResponseBytes} bytes`));
              return;
            }
            chunks.push(chunk);
          },
          onResponseEnd() {
            const [only] = chunks;
            const bytes = only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks);
            settle(() => resolve({ status, headers, text: bytes.toString('utf8') }));
          },
          onResponseError(_controller, error) {
            settle(() => reject(stopped ?? error));
          },
        },
      );
    } catch (thrown) {
      settle(() => reject(thrown instanceof Error ? thrown : new Error(String(thrown))));
    }
  });
}
