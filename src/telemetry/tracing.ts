import { messageOf } from '../core/errors.ts';
import type { Logger } from '../core/ports.ts';
import { redactText } from './redact.ts';

export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** Spans of what the controller does, for whoever collects them. */
export interface Tracing {
  /** Runs something as a span; spans that begin inside are its children. What is thrown marks it and goes on. */
  span<Result>(
    name: string,
    attributes: SpanAttributes,
    run: (note: NoteAttributes) => Promise<Result>,
  ): Promise<Result>;
  /** Sends what waits, for at most two seconds. */
  close(): Promise<void>;
}

/** Adds what is known only later. */
export type NoteAttributes = (attributes: SpanAttributes) => void;

export interface TracingOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  readonly instance: string;
  readonly logger: Logger;
}

export const NO_TRACING: Tracing = {
  span: async (_name, _attributes, run) => run(() => undefined),
  close: () => Promise.resolve(),
};

/**
 * OpenTelemetry over OTLP/HTTP, when `OTEL_EXPORTER_OTLP_ENDPOINT` or `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` names a collector; the exporter
 * reads its other variables (headers, time-out, compression) itself. Without one, nothing is loaded and nothing is recorded.
 */
export async function openTracing({ env, version, instance, logger }: TracingOptions): Promise<Tracing> {
  const endpoint = env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] ?? env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? '';
  if (endpoint === '' || env['OTEL_SDK_DISABLED'] === 'true') return NO_TRACING;
  const [
    { SpanStatusCode },
    { BatchSpanProcessor, NodeTracerProvider },
    { OTLPTraceExporter },
    { resourceFromAttributes },
  ] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({
      'service.name': env['OTEL_SERVICE_NAME'] ?? 'evenkeel-controller',
      'service.version': version,
      'service.instance.id': instance,
    }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  // Makes the context follow promises, so that spans find their parent.
  provider.register();
  const tracer = provider.getTracer('evenkeel', version);
  logger.info({}, 'spans are sent to the collector');
  return {
    span: async (name, attributes, run) =>
      tracer.startActiveSpan(name, { attributes }, async (span) => {
        try {
          return await run((more) => span.setAttributes(more));
        } catch (thrown) {
          span.setStatus({ code: SpanStatusCode.ERROR, message: redactText(messageOf(thrown)).slice(0, 500) });
          throw thrown;
        } finally {
          span.end();
        }
      }),
    close: async () => {
      await Promise.race([
        provider
          .shutdown()
          .catch((thrown: unknown) => logger.warn({ error: messageOf(thrown) }, 'spans were not sent')),
        new Promise((resolve) => setTimeout(resolve, 2000).unref()),
      ]);
    },
  };
}
