import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { loadInCluster, loadKubeconfig, type KubeconfigOptions } from '../../src/cluster/kubeconfig.ts';
import { loadUntrustedKubeconfig } from '../../src/cluster/untrusted-kubeconfig.ts';
import { FakeClock } from '../doubles/fake-clock.ts';

function kubeconfig(user: string, cluster = 'server: https://k8s.example.com:6443'): string {
  return `apiVersion: v1
kind: Config
current-context: main
clusters: [{ name: c, cluster: { ${cluster} } }]
users: [{ name: u, user: { ${user} } }]
contexts: [{ name: main, context: { cluster: c, user: u, namespace: shop } }]
`;
}

describe('kubeconfig', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'evenkeel-kubeconfig-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const write = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const options = (extra: Partial<KubeconfigOptions> = {}): KubeconfigOptions => ({
    clock: new FakeClock(),
    env: {},
    homeFolder: join(folder, 'home'),
    serviceAccountFolder: join(folder, 'none'),
    ...extra,
  });

  it('gives server, namespace, TLS and token of the current context', async () => {
    const ca = Buffer.from('CA').toString('base64');
    const path = write(
      'plain',
      kubeconfig(
        'token: t',
        `server: "https://k8s.example.com:6443/base/", certificate-authority-data: ${ca}, tls-server-name: k8s`,
      ),
    );
    const connection = await loadKubeconfig(options({ path }));
    expect(connection).toMatchObject({
      server: 'https://k8s.example.com:6443/base',
      namespace: 'shop',
      identity: 'u',
      tls: { insecure: false, serverName: 'k8s' },
    });
    expect(String(connection.tls.ca)).toBe('CA');
    expect(await connection.credentials.current()).toEqual({ headers: { authorization: 'Bearer t' } });
  });

  it('reads certificates relative to the kubeconfig', async () => {
    write('client.crt', 'CERT');
    write('client.key', 'KEY');
    const connection = await loadKubeconfig(
      options({ path: write('files', kubeconfig('client-certificate: client.crt, client-key: ./client.key')) }),
    );
    expect([String(connection.tls.cert), String(connection.tls.key)]).toEqual(['CERT', 'KEY']);
    await expect(
      loadKubeconfig(options({ path: write('lost', kubeconfig('client-certificate: nowhere.crt')) })),
    ).rejects.toMatchObject({ code: 'ConfigInvalid' });
  });

  it('merges the files of $KUBECONFIG: the first of a name wins', async () => {
    const first = write(
      'first',
      'current-context: main\ncontexts: [{ name: main, context: { cluster: c, user: u } }]\nusers: [{ name: u, user: { token: first } }]\n',
    );
    const second = write('second', kubeconfig('token: second'));
    const connection = await loadKubeconfig(
      options({ env: { KUBECONFIG: `${first}:${second}:${join(folder, 'missing')}` } }),
    );
    expect(connection).toMatchObject({ server: 'https://k8s.example.com:6443', namespace: 'default' });
    expect(await connection.credentials.current()).toEqual({ headers: { authorization: 'Bearer first' } });
  });

  it('falls back to the home folder, then to the pod, then says what to do', async () => {
    await expect(loadKubeconfig(options())).rejects.toMatchObject({
      code: 'ConfigInvalid',
      message: expect.stringContaining('KubeconfigMissing'),
    });
    const pod = join(folder, 'pod');
    mkdirSync(pod);
    writeFileSync(join(pod, 'ca.crt'), 'CA');
    writeFileSync(join(pod, 'token'), 'pod-token\n');
    writeFileSync(join(pod, 'namespace'), 'evenkeel-system\n');
    const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };
    const connection = await loadKubeconfig(options({ env, serviceAccountFolder: pod }));
    expect(connection).toMatchObject({
      server: 'https://[fd00::1]',
      namespace: 'evenkeel-system',
      identity: 'in-cluster',
    });
    expect(await connection.credentials.current()).toEqual({ headers: { authorization: 'Bearer pod-token' } });
    expect(await loadInCluster(options())).toBeUndefined();
    mkdirSync(join(folder, 'home/.kube'), { recursive: true });
    writeFileSync(join(folder, 'home/.kube/config'), kubeconfig('token: home'));
    expect(await (await loadKubeconfig(options({ env, serviceAccountFolder: pod }))).credentials.current()).toEqual({
      headers: { authorization: 'Bearer home' },
    });
  });

  it('reads a token file again after a minute, and at once when it is refused', async () => {
    const clock = new FakeClock();
    write('token', 'one\n');
    const { credentials } = await loadKubeconfig(
      options({ clock, path: write('token-file', kubeconfig('tokenFile: token, token: ignored')) }),
    );
    const first = await credentials.current();
    write('token', 'two');
    expect(await credentials.current()).toBe(first);
    clock.jump(60_000);
    const second = await credentials.current();
    expect(second.headers['authorization']).toBe('Bearer two');
    write('token', 'three');
    expect(credentials.reject(second)).toBe(true);
    expect((await credentials.current()).headers['authorization']).toBe('Bearer three');
    write('token', '');
    clock.jump(60_000);
    await expect(credentials.current()).rejects.toMatchObject({ code: 'ClusterDenied' });
  });

  it('runs an exec plug-in once for all who wait, and again when it expires or is refused', async () => {
    const clock = new FakeClock();
    const script = write(
      'plugin.sh',
      `#!/bin/sh
echo run >> "$COUNT"
echo "$KUBERNETES_EXEC_INFO" > "$COUNT.info"
n=$(wc -l < "$COUNT")
echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"'"$PREFIX$1$n"'","expirationTimestamp":"${new Date(clock.now() + 600_000).toISOString()}"}}'
`,
    );
    chmodSync(script, 0o755);
    const count = join(folder, 'count');
    const user = `exec: { apiVersion: client.authentication.k8s.io/v1, command: ./plugin.sh, args: [a], env: [{ name: PREFIX, value: p }], provideClusterInfo: true }`;
    const { credentials } = await loadKubeconfig(
      options({ clock, path: write('exec', kubeconfig(user)), env: { COUNT: count, PATH: process.env['PATH'] } }),
    );
    const [first, same] = await Promise.all([credentials.current(), credentials.current()]);
    expect(first.headers['authorization']).toBe('Bearer pa1');
    expect(same).toBe(first);
    expect(await credentials.current()).toBe(first);
    expect(JSON.parse(readFileSync(`${count}.info`, 'utf8'))).toMatchObject({
      kind: 'ExecCredential',
      spec: { interactive: false, cluster: { server: 'https://k8s.example.com:6443' } },
    });
    credentials.reject(first);
    const second = await credentials.current();
    expect(second.headers['authorization']).toBe('Bearer pa2');
    credentials.reject(first);
    expect(await credentials.current()).toBe(second);
    clock.jump(571_000);
    expect((await credentials.current()).headers['authorization']).toBe('Bearer pa3');
  });

  it.each([
    ['is not installed', 'command: ./nowhere, installHint: install it from the shop', 'install it from the shop'],
    [
      'fails',
      'command: /bin/sh, args: ["-c", "echo hunter2 >&2; exit 3"]',
      'run the command by hand to see what it says',
    ],
    ['prints nonsense', 'command: /bin/echo, args: [hunter2]', undefined],
    [
      'prints another version',
      `command: /bin/echo, args: ['{"kind":"ExecCredential","apiVersion":"x","status":{"token":"hunter2"}}']`,
      undefined,
    ],
  ])('says that an exec plug-in %s, without repeating what it printed', async (_name, exec, remedy) => {
    const path = write('bad-exec', kubeconfig(`exec: { apiVersion: client.authentication.k8s.io/v1, ${exec} }`));
    const { credentials } = await loadKubeconfig(options({ path, env: { PATH: process.env['PATH'] } }));
    const thrown: unknown = await Promise.resolve(credentials.current()).catch((error: unknown) => error);
    expect(thrown).toMatchObject({ code: 'ClusterDenied', remedy });
    expect((thrown as Error).message).not.toContain('hunter2');
  });

  it('asks an auth-provider through the library that knows them', async () => {
    write('provided', 'from-provider');
    const user = `auth-provider: { name: tokenFile, config: { tokenFile: ${join(folder, 'provided')} } }`;
    const { credentials } = await loadKubeconfig(options({ path: write('provider', kubeconfig(user)) }));
    expect((await credentials.current()).headers['authorization']).toBe('Bearer from-provider');
    const unknown = await loadKubeconfig(
      options({ path: write('provider', kubeconfig('auth-provider: { name: nobody }')) }),
    );
    await expect(unknown.credentials.current()).rejects.toMatchObject({ code: 'ClusterDenied' });
  });

  it.each([
    ['no context', 'clusters: []', 'ContextMissing'],
    [
      'a context that is not there',
      kubeconfig('token: t').replace('current-context: main', 'current-context: other'),
      'ContextMissing',
    ],
    ['a cluster that is not there', kubeconfig('token: t').replace('cluster: c,', 'cluster: d,'), 'ClusterMissing'],
    ['another scheme', kubeconfig('token: t', 'server: "ftp://x"'), 'ServerInvalid'],
    ['credentials in the URL', kubeconfig('token: t', 'server: "https://a:b@x"'), 'ServerInvalid'],
    ['a SOCKS proxy', kubeconfig('token: t', 'server: "https://x", proxy-url: "socks5://p"'), 'ProxyUnsupported'],
    ['no YAML', 'a: [', 'YamlInvalid'],
    ['a list', '- a', 'YamlInvalid'],
    ['flow deeper than any kubeconfig', '['.repeat(5000), 'YamlInvalid'],
    ['sequences in one line', `${'- '.repeat(5000)}a`, 'YamlInvalid'],
    ['keys in one line', `${'? '.repeat(5000)}a`, 'YamlInvalid'],
  ])('refuses %s', async (_name, text, reason) => {
    const path = write('bad', text);
    for (let round = 0; round < 2; round++) await expect(loadKubeconfig(options({ path }))).rejects.toThrow(reason);
  });
});

describe('kubeconfig from a Secret', () => {
  it('gives a connection by token or certificate data', async () => {
    const connection = loadUntrustedKubeconfig(
      kubeconfig('token: t, client-certificate-data: Q0VSVA==, client-key-data: S0VZ'),
      'team-a/remote',
    );
    expect(connection).toMatchObject({ server: 'https://k8s.example.com:6443', tls: { insecure: false } });
    expect(String(connection.tls.cert)).toBe('CERT');
  });

  it.each([
    ['exec', kubeconfig('exec: { apiVersion: client.authentication.k8s.io/v1, command: /bin/true }')],
    ['auth-provider', kubeconfig('auth-provider: { name: oidc }')],
    ['tokenFile', kubeconfig('tokenFile: /var/run/secrets/kubernetes.io/serviceaccount/token')],
    ['client-certificate', kubeconfig('client-certificate: /etc/x, client-key: /etc/y')],
    ['client-key', kubeconfig('client-certificate: /etc/x, client-key: /etc/y')],
    ['as', kubeconfig('token: t, as: root')],
    ['username', kubeconfig('username: a, password: b')],
    ['insecure-skip-tls-verify', kubeconfig('token: t', 'server: "https://x", insecure-skip-tls-verify: true')],
    ['certificate-authority', kubeconfig('token: t', 'server: "https://x", certificate-authority: /etc/ca')],
    ['proxy-url', kubeconfig('token: t', 'server: "https://x", proxy-url: "http://169.254.169.254"')],
    ['server without https', kubeconfig('token: t', 'server: "http://169.254.169.254"')],
  ])('refuses %s', (field, text) => {
    expect(() => loadUntrustedKubeconfig(text, 'team-a/remote')).toThrow(
      `kubeconfig team-a/remote is refused (KubeconfigUnsafe): `,
    );
    expect(() => loadUntrustedKubeconfig(text, 'team-a/remote')).toThrow(field);
  });
});
