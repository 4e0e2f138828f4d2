// Other versions of Node, from npm's node-PLATFORM-ARCH packages, kept in a folder of the system's temporary folder.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The path of a Node binary of a major version; the running one where that fits, else installed on first use. */
export function nodeBinary(major: number): string {
  if (Number(process.versions.node.split('.')[0]) === major) return process.execPath;
  const packageName = `node-${process.platform}-${process.arch}`;
  const folder = join(tmpdir(), 'tidemark-nodes', String(major));
  const binary = join(folder, 'node_modules', packageName, 'bin', 'node');
  if (existsSync(binary)) return binary;

  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  // npm hands its own settings down to what it starts; a nested npm must not take the project's.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', `${packageName}@${major}`];
  const install = spawnSync('npm', args, { cwd: folder, env, encoding: 'utf8' });
  if (!existsSync(binary)) throw new Error(`npm ${args.join(' ')} gave no ${binary}:\n${install.stderr}`);
  return binary;
}
