// Bundles the command line and the library into dist/. Commands and engines stay files of their own, so that a start
// loads only what its command needs.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type BuildOptions, build, type Plugin, transform } from 'esbuild';

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
  logLevel: 'warning',
};

/** commander starts subcommands that are programs of their own, of which we have none: no command waits for that. */
const withoutSubprocesses: Plugin = {
  name: 'commander without child_process',
  setup(plugin) {
    plugin.onResolve({ filter: /^node:child_process$/ }, ({ importer, path }) =>
      importer.includes('node_modules/commander/') ? { path, namespace: 'empty' } : undefined,
    );
    plugin.onLoad({ filter: /./, namespace: 'empty' }, () => ({
      contents: 'export default undefined;',
    }));
  },
};

rmSync('dist', { recursive: true, force: true });
await buildLibrary();
await buildCommandLine();
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.types.json'], {
  stdio: 'inherit',
});

async function buildLibrary(): Promise<void> {
  await build({ ...shared, entryPoints: { index: 'src/index.ts' } });
}

/**
 * The command line is CommonJS: an `import` of a module of Node's own reads each of its members, and so loads half of
 * Node before the first line runs. esbuild splits only ES modules, so they are split first and rewritten then.
 */
async function buildCommandLine(): Promise<void> {
  const { outputFiles } = await build({
    ...shared,
    entryPoints: { main: 'src/cli/main.ts' },
    outExtension: { '.js': '.cjs' },
    minifyWhitespace: true,
    legalComments: 'linked',
    plugins: [withoutSubprocesses],
    write: false,
  });
  for (const { path, text } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, path.endsWith('.cjs') ? await commonJs(text) : text);
  }
}

async function commonJs(text: string): Promise<string> {
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    minifyWhitespace: true,
    supported: { 'dynamic-import': false },
  });
  return code;
}
