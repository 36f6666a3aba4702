// A whole district for one test suite: its own private PostgreSQL, its own server on a free port.
//
//   const district = await startDistrict({ sample: 'community' });
//   await fetch(district.url + '/tiles');
//   await district.stop();
//
// It lives in a directory of its own below the system's temporary directory, ends only what it
// started, and goes when the process ends even if stop() was never reached.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const top = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const build = resolve(top, process.env.MQT_BUILD ?? '.build');
const clusterScript = join(top, 'schema/cluster.sh');
const started = new Set();

// Runs a program to its end. Never throws for its exit code: that is for the caller to judge.
export function run(program, args, { env = {}, cwd = top, timeout = 120_000, input } = {}) {
  return new Promise((done, fail) => {
    const options = { cwd, timeout, env: { ...process.env, ...env }, maxBuffer: 64 << 20 };
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number')
        fail(new Error(`${program} ${args.join(' ')}: ${error.message}\n${stderr}`));
      else
        done({ code: error?.code ?? 0, stdout, stderr });
    });
    child.stdin.on('error', () => {}); // a program may end without reading its input
    child.stdin.end(input ?? '');
  });
}

async function must(program, args, options) {
  const result = await run(program, args, options);
  if (result.code !== 0)
    throw new Error(`${program} ${args.join(' ')} ended with ${result.code}\n${result.stderr}`);
  return result.stdout;
}

// The last line of a load's accounting as an object: { run: 7, kind: 'building', read: 42, ... }.
export function accounting(stdout) {
  const line = stdout.split('\n').findLast((text) => text.startsWith('run='));
  if (!line)
    throw new Error(`no accounting in:\n${stdout}`);
  return Object.fromEntries(line.split(' ').map((pair) => {
    const [name, value] = pair.split('=');
    return [name, /^\d+$/.test(value) ? Number(value) : value];
  }));
}

class District {
  #cluster;
  #server = null;
  #port = 0;
  #serverEnv;

  constructor({ fsync = false, env = {} }) {
    this.runDir = mkdtempSync(join(tmpdir(), 'mqt-test-'));
    chmodSync(this.runDir, 0o711); // as root, user postgres must pass through it
    this.#cluster = { RUN_DIR: this.runDir, MQT_PG_FSYNC: fsync ? 'on' : 'off', MQT_PG_BUFFERS: '64MB' };
    this.#serverEnv = env;
    this.build = build;
    this.url = null;
    started.add(this);
  }

  async open({ sample, server }) {
    const prepared = (await must(join(top, 'tests/support/prepare.sh'), [sample || 'empty'],
      { timeout: 600_000 })).trim();
    this.sampleDir = sample ? join(prepared, 'sample', sample) : null;
    await must(clusterScript, ['copy', prepared], { env: this.#cluster });
    const key = join(prepared, 'etl.key'); // what the loader seals personal data with
    if (existsSync(key))
      copyFileSync(key, join(this.runDir, 'etl.key'));
    await this.startDatabase();
    const lines = await must(clusterScript, ['env'], { env: this.#cluster });
    this.urls = Object.fromEntries([...lines.matchAll(/MQT_(\w+)_URL='([^']*)'/g)]
      .map(([, role, url]) => [role.toLowerCase(), url]));
    if (server)
      await this.startServer();
  }

  // The result of one or more statements as text, columns divided by |; role: admin, etl or web.
  async psql(sql, role = 'admin') {
    const args = ['-XAtq', '-v', 'ON_ERROR_STOP=1', this.urls[role]];
    return (await must('psql', [...args, '-f', '-'], { input: sql })).trim();
  }

  // Runs mqt-etl; a file name in args is relative to cwd.
  etl(args, { cwd = top, env = {}, timeout = 120_000 } = {}) {
    return run(join(build, 'mqt-etl'), args,
      { cwd, timeout, env: { RUN_DIR: this.runDir, MQT_DATABASE_URL: this.urls.etl, ...env } });
  }

  async load(args, options) {
    const result = await this.etl(['load', ...args], options);
    if (result.code !== 0)
      throw new Error(`mqt-etl load ${args.join(' ')} ended with ${result.code}\n${result.stderr}${result.stdout}`);
    return accounting(result.stdout);
  }

  // Starts the server on the port it had before, or on a free one; extra are more arguments.
  async startServer({ extra = [], env = {}, timeout = 60_000 } = {}) {
    const log = createWriteStream(join(this.runDir, 'server.log'), { flags: 'a' });
    const args = ['--port', String(this.#port), '--listen', '127.0.0.1', '--web', join(top, 'web/dist'),
      '--styles', join(top, 'web/styles'), '--run-dir', this.runDir, ...extra];
    const child = spawn(join(build, 'mqt-server'), args, {
      cwd: top,
      env: { ...process.env, MQT_DATABASE_URL: this.urls.web, ...this.#serverEnv, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stderr.pipe(log);
    this.#server = child;
    this.url = await new Promise((done, fail) => {
      const timer = setTimeout(() => fail(new Error(`mqt-server does not listen\n${this.serverLog()}`)), timeout);
      child.once('error', fail);
      child.once('exit', (code, signal) => {
        clearTimeout(timer);
        fail(new Error(`mqt-server ended with ${code ?? signal}\n${this.serverLog()}`));
      });
      createInterface({ input: child.stdout }).on('line', (line) => {
        const found = /^listening on (http:\S+)/.exec(line);
        if (found) {
          clearTimeout(timer);
          done(found[1]);
        }
      });
    });
    this.#port = Number(new URL(this.url).port);
    return this.url;
  }

  get serverPid() {
    return this.#server?.pid;
  }

  serverLog() {
    try {
      return readFileSync(join(this.runDir, 'server.log'), 'utf8').split('\n').slice(-40).join('\n');
    } catch {
      return '';
    }
  }

  // Ends the server; SIGTERM must make it exit with 0 within 20 s, SIGKILL plays the crash.
  async stopServer(signal = 'SIGTERM') {
    const child = this.#server;
    this.#server = null;
    if (!child)
      return;
    if (child.exitCode === null && child.signalCode === null) {
      const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
      clearTimeout(timer);
    }
    if (signal !== 'SIGKILL' && child.exitCode !== 0)
      throw new Error(`mqt-server ended with ${child.exitCode ?? child.signalCode}\n${this.serverLog()}`);
  }

  // As if the machine of the database had failed: no checkpoint, connections cut.
  async killDatabase() {
    await must(clusterScript, ['stop', 'immediate'], { env: this.#cluster });
  }

  async startDatabase() {
    await must(clusterScript, ['start'], { env: this.#cluster });
  }

  async stop() {
    try {
      await this.stopServer();
    } finally {
      this.#removeNow();
    }
  }

  #removeNow() {
    this.#server?.kill('SIGKILL');
    this.#server = null;
    if (!started.delete(this))
      return;
    try {
      execFileSync(clusterScript, ['destroy'], { env: { ...process.env, ...this.#cluster }, stdio: 'ignore' });
    } finally {
      rmSync(this.runDir, { recursive: true, force: true });
    }
  }

  static removeAll() {
    for (const district of started)
      district.#removeNow();
  }
}

process.on('exit', () => District.removeAll());
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => process.exit(1));

// sample: a scale such as 'community', loaded, or nothing for the schema alone; server: start one;
// fsync: true where a test is about what survives a crash; env: for the server.
export async function startDistrict({ sample = null, server = true, fsync = false, env = {} } = {}) {
  const district = new District({ fsync, env });
  try {
    await district.open({ sample, server });
  } catch (error) {
    await district.stop().catch(() => {});
    throw error;
  }
  return district;
}
