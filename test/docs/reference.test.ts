// The reference pages hold everything the program has: keys of scenario files, fields of the JSON document, laws, windows,
// exit codes, cited sections. What is added to the program and not to its page fails here.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { exitCode } from '../../cli/exit.ts';
import { SAMZA_LAWS } from '../../models/index.ts';
import { windows } from '../../reports/windows.ts';
import { catalog } from '../../scenarios/index.ts';
import { sourcesIn } from '../sources.ts';
import { pages, root } from './pages.ts';
import { scenarioReference } from './scenario-reference.ts';

const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

it('docs/scenario-file.md is what the schema says (npx vitest run test/docs -u writes it)', async () => {
  const path = join(root, 'docs', 'scenario-file.md');
  const text = await format(scenarioReference(), { ...(await resolveConfig(path)), parser: 'markdown' });
  await expect(text).toMatchFileSnapshot(path);
});

describe('docs/model.md', () => {
  const model = textOf('docs/model.md');
  const section = (heading: string): string => model.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';

  it('has every field of the JSON document of a run', () => {
    const [, document = ''] = textOf('reports/json.ts').split('export interface RunDocument extends Outcome');
    const types = textOf('models/outcome.ts') + document.slice(0, document.indexOf('\n}'));
    const fields = new Set([...types.matchAll(/readonly (\w+)\??:/g)].map(([, name]) => name as string));
    expect([...fields].filter((field) => !section('The JSON document').includes(`\`${field}\``))).toEqual([]);
  });

  it('has every law with its statement', () => {
    const laws = section('Laws').replaceAll(/ +/g, ' ');
    expect(SAMZA_LAWS.filter(({ id, statement }) => !laws.includes(`| ${id} | ${statement} |`))).toEqual([]);
  });

  it('has every window, and names no scenario that is not shipped', () => {
    const text = section('Windows');
    expect(Object.keys(windows).filter((window) => !text.includes(window))).toEqual([]);
    const names = [...text.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name as string);
    const known = new Set([...catalog.map(({ name }) => name), ...Object.keys(windows)]);
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });

  it('has every exit code', () => {
    const text = section('Exit codes');
    expect(Object.values(exitCode).filter((code) => !text.includes(`**${code}**`))).toEqual([]);
  });
});

it('every section of samza.md that a comment or a page cites is there', () => {
  const headings = new Set([...textOf('docs/samza.md').matchAll(/^##+ ([\d.]*\d)\.? /gm)].map(([, number]) => number));
  const texts = [...sourcesIn('sim', 'models', 'scenarios', 'reports', 'cli', 'test'), ...pages()];
  const cited = texts.flatMap(({ path, text }) =>
    [...text.matchAll(/samza\.md §([\d.]*\d)/g)].map(([, number]) => ({ path, section: number })),
  );
  expect(cited.length).toBeGreaterThan(0);
  expect(cited.filter((each) => !headings.has(each.section))).toEqual([]);
});

it('every file or folder that ARCHITECTURE.md, CONTRIBUTING.md or docs/model.md names is there', () => {
  const texts = ['ARCHITECTURE.md', 'CONTRIBUTING.md', 'docs/model.md'].map(textOf).join('\n');
  const prefixes = 'sim|models|scenarios|reports|cli|test|docs|[.]ci';
  const named = [...texts.matchAll(new RegExp(`\`((?:${prefixes})/[^\`*\\s]*)\``, 'g'))].map(
    ([, path]) => path as string,
  );
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

describe('a link between pages', () => {
  /** GitHub's anchor of a heading. */
  const anchorOf = (heading: string): string =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');
  const anchorsOf = (text: string): string[] => [...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) => anchorOf(title!));
  const all = pages();

  it.each(all)('leads somewhere: $path', ({ path, text }) => {
    const prose = text.replaceAll(/^```[\s\S]*?^```/gm, '');
    const broken = [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target]) => target as string)
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => {
        const [file = '', anchor] = target.split('#');
        const to = file === '' ? path : join(path, '..', file);
        if (!existsSync(join(root, to))) return true;
        return anchor !== undefined && !anchorsOf(textOf(to)).includes(anchor);
      });
    expect(broken).toEqual([]);
  });

  it.each(all)('and no page names a folder of somebody’s machine: $path', ({ text }) => {
    expect(text.match(/(?:^|[\s`("'])\/(?:work|home|root|Users|tmp)\//m)).toBeNull();
  });
});
