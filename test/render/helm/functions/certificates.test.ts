import { createPrivateKey, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { randomEntropy } from '../../../../src/render/helm/functions/entropy.ts';
import { render } from './render.ts';

const NOW = new Date('2024-05-06T07:08:09Z');
const ENTROPY = randomEntropy(() => NOW);

function certificatesOf(text: string): X509Certificate[] {
  return [...text.matchAll(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/g)].map(
    ([pem]) => new X509Certificate(pem),
  );
}

function keysOf(text: string) {
  return [...text.matchAll(/-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]+-----END [A-Z ]*PRIVATE KEY-----\n/g)].map(([pem]) =>
    createPrivateKey(pem),
  );
}

describe('certificates', () => {
  it('an authority signs for names and addresses', { timeout: 60_000 }, () => {
    const text = render(
      '{{ $ca := genCA "my-ca" 365 }}{{ $c := genSignedCert "web" (list "10.0.0.1" "fd00::1" "::ffff:1.2.3.4") (list "web.shop.svc" "*.example.com") 30 $ca }}{{ $ca.Cert }}{{ $ca.Key }}{{ $c.Cert }}{{ $c.Key }}',
      ENTROPY,
    );
    const [authority, signed] = certificatesOf(text);
    const [authorityKey, signedKey] = keysOf(text);
    if (!authority || !signed || !authorityKey || !signedKey) throw new Error('four PEM blocks were wanted');
    expect(authority.ca).toBe(true);
    expect(authority.subject).toBe('CN=my-ca');
    expect(authority.verify(authority.publicKey)).toBe(true);
    expect(authority.checkPrivateKey(authorityKey)).toBe(true);
    expect(new Date(authority.validFrom).getTime()).toBe(NOW.getTime());
    expect(new Date(authority.validTo).getTime() - NOW.getTime()).toBe(365 * 86_400_000);
    expect(signed.ca).toBe(false);
    expect(signed.issuer).toBe('CN=my-ca');
    expect(signed.checkIssued(authority)).toBe(true);
    expect(signed.verify(authority.publicKey)).toBe(true);
    expect(signed.checkPrivateKey(signedKey)).toBe(true);
    expect(signed.subjectAltName).toBe(
      'DNS:web.shop.svc, DNS:*.example.com, IP Address:10.0.0.1, IP Address:FD00:0:0:0:0:0:0:1, IP Address:1.2.3.4',
    );
    expect(signed.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
    expect(signed.serialNumber).not.toBe(authority.serialNumber);
  });

  it('keys of all kinds can be given', () => {
    for (const kind of ['ecdsa', 'ed25519']) {
      const text = render(
        `{{ $k := genPrivateKey "${kind}" }}{{ $ca := genCAWithKey "ca" 10 $k }}{{ $c := genSignedCertWithKey "c" nil nil 10 $ca (genPrivateKey "${kind}") }}{{ $s := genSelfSignedCertWithKey "s" nil (list "s") 10 $k }}{{ $ca.Cert }}{{ $c.Cert }}{{ $s.Cert }}`,
        ENTROPY,
      );
      const [authority, signed, own] = certificatesOf(text);
      if (!authority || !signed || !own) throw new Error('three certificates were wanted');
      expect(signed.verify(authority.publicKey)).toBe(true);
      expect(own.verify(own.publicKey)).toBe(true);
      expect(own.publicKey.equals(authority.publicKey)).toBe(true);
    }
  });

  it('what was made elsewhere is checked', () => {
    expect(
      render(
        '{{ $k := genPrivateKey "ecdsa" }}{{ $c := genSelfSignedCertWithKey "s" nil nil 1 $k }}{{ $b := buildCustomCert (b64enc $c.Cert) (b64enc $c.Key) }}{{ eq $b.Cert $c.Cert }}',
        ENTROPY,
      ),
    ).toBe('true');
    expect(() => render('{{ buildCustomCert "x!" "" }}', ENTROPY)).toThrow(/unable to decode base64 certificate/);
    expect(() => render('{{ buildCustomCert (b64enc "x") "" }}', ENTROPY)).toThrow(/unable to decode certificate/);
    expect(() => render('{{ genCAWithKey "x" 1 "no key" }}', ENTROPY)).toThrow(/no PEM data in input/);
    expect(() => render('{{ genSelfSignedCert "x" (list "999.1.1.1") nil 1 }}', ENTROPY)).toThrow(
      /error parsing ip: 999.1.1.1/,
    );
    expect(() => render('{{ genSelfSignedCert "x" nil (list 5) 1 }}', ENTROPY)).toThrow(/5 is not a string/);
  });

  it('keys have the PEM forms of the original', { timeout: 60_000 }, () => {
    const labels = (kind: string): string | undefined =>
      /BEGIN ([A-Z ]+)-/.exec(render(`{{ genPrivateKey "${kind}" }}`, ENTROPY))?.[1];
    expect(labels('ecdsa')).toBe('EC PRIVATE KEY');
    expect(labels('ed25519')).toBe('PRIVATE KEY');
    expect(labels('dsa')).toBe('DSA PRIVATE KEY');
    expect(render('{{ genPrivateKey "x" }}', ENTROPY)).toBe('Unknown type x');
    expect(keysOf(render('{{ genPrivateKey "dsa" }}', ENTROPY))[0]?.asymmetricKeyType).toBe('dsa');
  });
});
