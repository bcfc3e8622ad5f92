// Bundles the command line and the library into dist/. Commands and engines stay files of their own, so that a start
// loads only what its command needs. With `--failpoints FOLDER` the command line alone is made, in that folder, as the
// published one but for its failpoints (src/failpoint.ts).
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { type BuildOptions, build, type Metafile, type Plugin, transform } from 'esbuild';

const MAIN = 'src/cli/main.ts';
/** What it loads nearly every command loads. */
const TYPICAL_COMMAND = 'src/cli/commands/get.ts';

const { failpoints } = parseArgs({ options: { failpoints: { type: 'string' } } }).values;

const shared: BuildOptions = {
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  mainFields: ['module', 'main'],
  chunkNames: 'chunks/[name]-[hash]',
  minifySyntax: true,
  define: { WITH_FAILPOINTS: String(failpoints !== undefined) },
  logLevel: 'warning',
};

/**
 * What commander takes of Node, as it is: `import fs` in CommonJS would copy each member of it first. Subcommands that
 * are programs of their own, for which it wants child_process, we have none: no command waits for that.
 */
const nodeForCommander: Plugin = {
  name: 'modules of Node for commander',
  setup(plugin) {
    plugin.onResolve({ filter: /^node:(child_process|fs|path|process)$/ }, ({ importer, path }) =>
      importer.includes('node_modules/commander/') ? { path, namespace: 'node' } : undefined,
    );
    plugin.onLoad({ filter: /./, namespace: 'node' }, ({ path }) => {
      const value =
        path === 'node:child_process' ? 'undefined' : `process.getBuiltinModule('${path}')`;
      return { contents: `export default ${value};` };
    });
  },
};

const commonJsOptions = {
  format: 'cjs',
  platform: 'node',
  target: 'node22',
  minifyWhitespace: true,
  supported: { 'dynamic-import': false },
  define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
} as const;

if (failpoints === undefined) await buildPackage();
else {
  await buildCommandLine();
  for (const part of ['bin', 'package.json'])
    cpSync(part, join(failpoints, part), { recursive: true });
}

async function buildPackage(): Promise<void> {
  rmSync('dist', { recursive: true, force: true });
  await buildLibrary();
  await buildCommandLine();
  await writeManual();
  // Settings of whoever builds are not to count, and what `get` prints is nobody's.
  execFileSync(process.execPath, ['scripts/code-cache.ts'], {
    env: {},
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const types = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.types.json'];
  execFileSync(process.execPath, types, { stdio: 'inherit' });
}

async function writeManual(): Promise<void> {
  const [{ buildProgram }, { processIo }, { manPages }] = await Promise.all([
    import('../src/cli/main.ts'),
    import('../src/cli/io.ts'),
    import('./man-pages.ts'),
  ]);
  const nothing = () => undefined;
  const context = { io: processIo(), setExit: nothing, onInterrupt: nothing };
  const pages = manPages(await buildProgram(undefined, context));
  rmSync('man', { recursive: true, force: true });
  for (const [file, text] of pages) write(join('man', file), text);
}

async function buildLibrary(): Promise<void> {
  await build({ ...shared, entryPoints: { index: 'src/index.ts' } });
}

/**
 * The command line is CommonJS: an `import` of a module of Node's own reads each of its members, and so loads half of
 * Node before the first line runs. esbuild splits only ES modules, so they are split first and rewritten then. What is
 * always loaded becomes one file, for each file of a few lines costs a start as much as a hundred lines.
 */
async function buildCommandLine(): Promise<void> {
  const { outputFiles, metafile } = await build({
    ...shared,
    entryPoints: {
      main: MAIN,
      'chunks/check-thread': 'src/cli/check-thread.ts',
      'chunks/file-check-thread': 'src/http/file-check-thread.ts',
    },
    outExtension: { '.js': '.cjs' },
    minifyWhitespace: true,
    legalComments: 'linked',
    plugins: [nodeForCommander],
    metafile: true,
    write: false,
  });
  const texts = new Map(outputFiles.map(({ path, text }) => [relative('.', path), text]));
  const always = alwaysLoaded(metafile);
  write('dist/main.cjs', await joined(always, metafile, texts));
  for (const [file, text] of texts) {
    if (!always.has(file)) write(file, file.endsWith('.cjs') ? await commonJs(text, always) : text);
  }
}

/** The files that main and a typical command import, main itself included; the command is loaded by its name. */
function alwaysLoaded({ outputs }: Metafile): Set<string> {
  const files = new Set<string>();
  const addImports = (file: string) => {
    for (const { path, kind } of outputs[file]?.imports ?? []) {
      if (kind !== 'import-statement' || !(path in outputs) || files.has(path)) continue;
      files.add(path);
      addImports(path);
    }
  };
  for (const [file, { entryPoint }] of Object.entries(outputs)) {
    if (entryPoint === MAIN) files.add(file);
    if (entryPoint === MAIN || entryPoint === TYPICAL_COMMAND) addImports(file);
  }
  return files;
}

/** These files as one, which exports an object for each of them: two may export the same name. */
async function joined(
  files: ReadonlySet<string>,
  { outputs }: Metafile,
  texts: ReadonlyMap<string, string>,
): Promise<string> {
  const objects = [...files].map((file) => {
    const name = nameOf(file);
    const members = outputs[file]?.exports.map((member) => `${member}: ${name}.${member}`);
    return `import * as ${name} from './${file}'; export const ${name}_ = { ${members?.join()} };`;
  });
  const { outputFiles } = await build({
    ...commonJsOptions,
    stdin: { contents: [`export { main } from './dist/main.cjs';`, ...objects].join('\n') },
    bundle: true,
    plugins: [inMemory(texts)],
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

/** Imports are found among these texts; what is loaded later stays a file beside main.cjs. */
function inMemory(texts: ReadonlyMap<string, string>): Plugin {
  return {
    name: 'files in memory',
    setup(plugin) {
      plugin.onResolve({ filter: /^\./ }, ({ path, importer, kind }) => {
        const file = join(importer === '<stdin>' ? '' : dirname(importer), path);
        return kind === 'dynamic-import'
          ? { path: `./${relative('dist', file)}`, external: true }
          : { path: file, namespace: 'memory' };
      });
      plugin.onLoad({ filter: /./, namespace: 'memory' }, ({ path }) => ({
        contents: texts.get(path) ?? '',
      }));
    },
  };
}

/** One file. What stands in main.cjs it takes from there. */
async function commonJs(text: string, inMain: ReadonlySet<string>): Promise<string> {
  const { code } = await transform(text, commonJsOptions);
  return code.replace(/require\("\.\/([^"]+\.cjs)"\)/g, (all, file: string) =>
    inMain.has(`dist/chunks/${file}`) ? `require("../main.cjs").${nameOf(file)}_` : all,
  );
}

/** A name for the file in JavaScript. */
function nameOf(file: string): string {
  return basename(file, '.cjs').replaceAll('-', '_');
}

function write(name: string, text: string): void {
  const file = join(failpoints ?? '.', name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
