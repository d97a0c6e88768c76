import { serveRenders } from '../render/worker.ts';
import { openSnapshot } from '../sources/snapshot.ts';

// The entry of a render process: the only place that knows both how a commit is opened and how it is rendered.
serveRenders(process, { openSnapshot, rssBytes: () => process.memoryUsage().rss });
