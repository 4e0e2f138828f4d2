// One simulation in a real browser without a driver: serve a page on the loopback address, start the browser headless on
// it, wait for the page to post its result, stop the browser.
import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type Server, type ServerResponse, createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { type Place } from './cli.ts';

export type BrowserName = 'chromium' | 'firefox';

export interface PageResult {
  /** The outcome as the page's own JSON.stringify wrote it. */
  readonly outcome: string;
  /** What `drawnBits` gave. */
  readonly bits: Readonly<Record<string, string>>;
  readonly userAgent: string;
}

const resultTimeoutMillis = 240_000;

/** Quiet, offline, no first-run pages: what a Firefox profile needs so that the page is all it opens. */
const firefoxPreferences: Readonly<Record<string, boolean | string | number>> = {
  'app.normandy.enabled': false,
  'app.update.enabled': false,
  'browser.aboutwelcome.enabled': false,
  'browser.safebrowsing.downloads.remote.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'datareporting.policy.dataSubmissionEnabled': false,
  'dom.max_script_run_time': 0,
  'extensions.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,',
  'toolkit.telemetry.enabled': false,
};

function start(name: BrowserName, url: string, profile: string, place: Place): ChildProcess {
  // A group of its own, because both browsers are many processes and both commands are wrapper scripts.
  const options = { detached: true, stdio: 'ignore', env: { ...process.env, ...place, HOME: profile } } as const;
  if (name === 'firefox') {
    const lines = Object.entries(firefoxPreferences).map(([key, value]) => {
      return `user_pref(${JSON.stringify(key)}, ${JSON.stringify(value)});\n`;
    });
    writeFileSync(join(profile, 'user.js'), lines.join(''));
    const program = process.env['FIREFOX'] ?? 'firefox-esr';
    return spawn(program, ['--headless', '--no-remote', '--profile', profile, url], options);
  }
  const flags = [
    '--headless --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run',
    '--disable-quic --disable-sync --disable-background-networking --disable-component-update',
  ].flatMap((line) => line.split(' '));
  const program = process.env['CHROMIUM'] ?? 'chromium';
  return spawn(program, [...flags, `--lang=${place.LANG.slice(0, 2)}`, `--user-data-dir=${profile}`, url], options);
}

/** Ends the browser with all its processes, and waits until it is gone; harmless when it never started or has ended. */
async function stop(browser: ChildProcess): Promise<void> {
  if (browser.pid === undefined || browser.exitCode !== null || browser.signalCode !== null) return;
  const gone = once(browser, 'exit');
  process.kill(-browser.pid, 'SIGKILL');
  await gone;
}

function serveFile(folder: string, path: string, response: ServerResponse): void {
  const types: Readonly<Record<string, string>> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript' };
  try {
    const body = readFileSync(join(folder, normalize(path)));
    response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' }).end(body);
  } catch {
    response.writeHead(404).end();
  }
}

/** The server that the page talks to; `onResult` gets the text of what the page posts. */
function createPageServer(folder: string, planText: string, onResult: (text: string) => void): Server {
  return createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://page').pathname;
    if (request.method === 'POST' && path === '/result') {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.writeHead(204).end();
        onResult(Buffer.concat(chunks).toString('utf8'));
      });
    } else if (path === '/plan.json') {
      response.writeHead(200, { 'content-type': 'application/json' }).end(planText);
    } else {
      serveFile(folder, path === '/' ? '/index.html' : path, response);
    }
  });
}

/**
 * Simulates one plan in a browser.
 * @param folder the built page, see `page.ts`
 * @param planText the plan as JSON text
 * @throws when the page reports an error, the browser cannot be started or ends early, or nothing came within four minutes
 */
export async function simulateInBrowser(
  name: BrowserName,
  folder: string,
  planText: string,
  place: Place,
): Promise<PageResult> {
  const profile = mkdtempSync(join(tmpdir(), `tidemark-${name}-`));
  const posted = new EventEmitter();
  const server = createPageServer(folder, planText, (text) => posted.emit('result', text));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

  const browser = start(name, url, profile, place);
  browser.once('error', (error) => posted.emit('error', error));
  browser.once('exit', (code, signal) => {
    posted.emit('error', new Error(`${name} ended (${code ?? signal}) without a result`));
  });
  const silence = new Error(`${name} gave no result in ${resultTimeoutMillis / 1000} s`);
  const timer = setTimeout(() => posted.emit('error', silence), resultTimeoutMillis);
  try {
    const [text] = (await once(posted, 'result')) as [string];
    const result = JSON.parse(text) as PageResult | { readonly error: string };
    if ('error' in result) throw new Error(`${name}: ${result.error}`);
    return result;
  } finally {
    clearTimeout(timer);
    browser.removeAllListeners('exit');
    await stop(browser);
    server.closeAllConnections();
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}
