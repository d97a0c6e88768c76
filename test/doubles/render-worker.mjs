// A render process that does as the path of its job says: it answers, hangs, floods memory, crashes.
process.on('message', (job) => {
  const { id, request } = job;
  const answer = (result) =>
    process.send({ kind: 'result', id, json: JSON.stringify(result), rssBytes: process.memoryUsage().rss });
  const rendered = {
    kind: 'rendered',
    set: { manifests: [], digest: `sha256:${process.pid}` },
    trace: { path: request.path },
    warnings: [Object.keys(process.env).sort().join(' '), ...process.execArgv],
  };
  switch (request.path) {
    case 'hang':
      for (;;);
    case 'crash':
      process.kill(process.pid, 'SIGSEGV');
      break;
    case 'exit':
      process.exit(3);
      break;
    case 'heap': {
      const kept = [];
      for (;;) kept.push(new Array(100_000).fill({ a: kept.length }));
    }
    case 'buffers': {
      const kept = [];
      for (;;) kept.push(Buffer.alloc(8 * 1024 * 1024, 1));
    }
    case 'refuse':
      process.send({
        kind: 'error',
        id,
        code: 'SourceRefused',
        message: 'path "x" is refused (SourceRefused): because',
        remedy: 'do this',
        rssBytes: 0,
      });
      break;
    case 'wait':
      setTimeout(() => answer(rendered), 60_000);
      break;
    case 'swollen':
      process.send({ kind: 'result', id, json: JSON.stringify(rendered), rssBytes: 1e12 });
      break;
    default:
      answer(rendered);
  }
});
process.on('disconnect', () => process.exit(0));
if (process.env.NEVER_READY === undefined) process.send({ kind: 'ready' });
