// Changes to bundled packages that make the first frame come sooner. A package that no longer looks as
// expected fails the build, so an upgrade cannot quietly lose them.
import { readFileSync } from 'node:fs'

/** Every code point that an RGI emoji contains at least one of; cheap, where \p{RGI_Emoji} takes 19 ms to build. */
export const mayBeEmoji = /\u20e3|[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Emoji_Modifier}]/u

/** A generator's method that hands on what others yield, or yields itself, as one that adds to a list. */
const asListing = [
  [/\(yield\* (this\.\w+\([^()]*\))\)/g, (_, call) => call],
  [/yield\* (?=this\.(?!next\(|end\())/g, () => ''],
  [
    /^( +)yield ([\w.']+|this\.buffer\.substr\(.*\)|\{.*\});$/gm,
    (_, indent, what) => `${indent}this.out.push(${what});`,
  ],
  [/^( +)yield (\{\n(?:\1 +.*\n)+\1\});$/gm, (_, indent, what) => `${indent}this.out.push(${what});`],
  [/^ {4}\*(?!lex\(|parse\()(\w+\()/gm, (_, name) => `    ${name}`],
]

/** What core takes of that package, done by Node; its module is loaded with the first hash, which `check` never makes. */
const nativeHash = `const create = () => process.getBuiltinModule('node:crypto').createHash('sha256')
export const sha256 = Object.assign((bytes) => create().update(bytes).digest(), { create })`

/**
 * Text without clusters whose every character is one column wide: ASCII, and the signs that our screens are drawn
 * with. Making a segmenter for the rest takes a third of the time in which Node starts.
 */
const oneColumn =
  '\\u0020-\\u007E\\u00B7\\u00D7\\u2013\\u2014\\u2026\\u203A\\u2190-\\u2193\\u2500-\\u257F\\u2713\\u276F'

/** A segmenter that is made when it is first needed. */
const lateSegmenter = [
  /const (\w+) = new Intl\.Segmenter\([^)]*\);/,
  (_, name) =>
    `let made${name}; const ${name} = { segment: (text) => (made${name} ??= new Intl.Segmenter()).segment(text) };`,
]

const wasmText = /"data:application\/octet-stream;base64,([A-Za-z0-9+/=]+)"/

const transforms = [
  {
    // Reads its WebAssembly through fetch('data:…'), which loads all of undici; it takes bytes as well. They
    // stand in a file of their own, a quarter smaller than as text.
    name: 'yoga-layout',
    file: /yoga-layout[\\/]dist[\\/]binaries[\\/]yoga-wasm-base64-esm\.js$/,
    edits: [
      [
        /loadYoga = loadYoga \|\| \{\};/,
        () =>
          'loadYoga = loadYoga || {}; loadYoga.wasmBinary ??= readWasm(new URL(wasmPath.slice(wasmPath.lastIndexOf("/") + 1), import.meta.url)); loadYoga.instantiateWasm ??= (imports, done) => { done(new WebAssembly.Instance(new WebAssembly.Module(loadYoga.wasmBinary), imports)); return {} };',
      ],
      [wasmText, () => '"data:application/octet-stream;base64,"'],
    ],
    prelude: () => "import { readFileSync as readWasm } from 'node:fs';\nimport wasmPath from 'yoga.wasm';\n",
  },
  {
    // Waits for its WebAssembly, which is there at once when it is read and compiled as above: nothing waits at import.
    name: 'yoga-layout',
    file: /yoga-layout[\\/]dist[\\/]src[\\/]index\.js$/,
    edits: [
      [
        /const Yoga = wrapAssembly\(await loadYoga\(\)\);/,
        () => 'const yoga = {}; loadYoga(yoga); const Yoga = wrapAssembly(yoga);',
      ],
    ],
    prelude: () => '',
  },
  {
    // Yields each word through five generators, one in the other; lists are a third faster, with the same words.
    name: 'yaml lexer',
    file: /yaml[\\/]browser[\\/]dist[\\/]parse[\\/]lexer\.js$/,
    edits: [
      ...asListing.filter((_, index) => index !== 3),
      [
        /next = this\.parseNext\(next\);/,
        () => '{ this.out = []; next = this.parseNext(next); yield* this.out; }',
      ],
    ],
    prelude: () => '',
  },
  {
    name: 'yaml parser',
    file: /yaml[\\/]browser[\\/]dist[\\/]parse[\\/]parser\.js$/,
    edits: [
      ...asListing.slice(1),
      [
        /^ {4}next\(source\) \{/m,
        () => '    next(source) { this.out = []; this.take(source); return this.out; }\n    take(source) {',
      ],
      [
        /^ {4}end\(\) \{(\s+while \(this\.stack\.length > 0\)\s+this\.pop\(\);)/m,
        (_, body) => `    end() { this.out = [];${body} return this.out;`,
      ],
    ],
    prelude: () => '',
  },
  {
    // Cuts every line of every frame into clusters; what has none, escapes included, is cut at each character.
    name: '@alcalzone/ansi-tokenize',
    file: /ansi-tokenize[\\/]build[\\/]tokenize\.js$/,
    edits: [
      lateSegmenter,
      [
        /of segmenter\.segment\(str\)\)/,
        () =>
          `of /^[\\u001B${oneColumn}]*$/.test(str) ? Array.from(str, (segment, index) => ({ segment, index })) : segmenter.segment(str))`,
      ],
    ],
    prelude: () => '',
  },
  {
    name: 'slice-ansi',
    file: /slice-ansi[\\/]tokenize-ansi\.js$/,
    edits: [lateSegmenter],
    prelude: () => '',
  },
  {
    name: 'wrap-ansi',
    file: /wrap-ansi[\\/]index\.js$/,
    edits: [lateSegmenter],
    prelude: () => '',
  },
  {
    // Parsed once instead of three times: engines read a function in parentheses at once, others when it is called.
    name: 'react-reconciler',
    file: /react-reconciler[\\/]cjs[\\/]react-reconciler\.production\.js$/,
    edits: [
      [/^module\.exports = function \(/m, () => 'module.exports = (function ('],
      [/^\};\nmodule\.exports\.default/m, () => '});\nmodule.exports.default'],
    ],
    prelude: () => '',
  },
  {
    // Looks for React's development tools when a variable as common as DEV is set, and waits for them at import.
    name: 'ink',
    file: /ink[\\/]build[\\/]reconciler\.js$/,
    edits: [[/process\.env\['DEV'\] === 'true'/g, () => 'false']],
    prelude: () => '',
  },
  {
    // Builds its emoji expression at import; with this it is built when the first possible emoji is measured.
    name: 'string-width',
    file: /string-width[\\/]index\.js$/,
    edits: [
      lateSegmenter,
      [
        /if \(\/\^\[\\u0020-\\u007E\]\*\$\/\.test\(string\)\)/,
        () => `if ((ambiguousIsNarrow ? /^[${oneColumn}]*$/ : /^[ -~]*$/).test(string))`,
      ],
      [
        /const rgiEmojiRegex = (\/\^\\p\{RGI_Emoji\}\$\/v);/,
        (_, pattern) =>
          `const mayBeEmoji = ${mayBeEmoji}; let built; const rgiEmojiRegex = { test: (text) => mayBeEmoji.test(text) && (built ??= new RegExp(${JSON.stringify(
            pattern.slice(1, -2),
          )}, 'v')).test(text) };`,
      ],
    ],
    prelude: () => '',
  },
]

function edit(name, original, edits) {
  return edits.reduce((text, [pattern, replacement]) => {
    if (text.search(pattern) === -1) throw new Error(`${name} has changed: ${pattern} matches nothing`)
    return text.replace(pattern, replacement)
  }, original)
}

/** An esbuild plugin, and a check to run afterwards that every transform found its file. */
export function fasterStart() {
  const applied = new Set()
  const plugin = {
    name: 'faster-start',
    setup(build) {
      for (const { name, file, edits, prelude } of transforms) {
        build.onLoad({ filter: file }, ({ path }) => {
          const original = readFileSync(path, 'utf8')
          try {
            const contents = edit(name, original, edits)
            applied.add(name)
            return { contents: prelude(original) + contents, loader: 'js' }
          } catch (error) {
            return { errors: [{ text: `${error.message} in ${path}` }] }
          }
        })
      }
      build.onResolve({ filter: /^yoga\.wasm$/ }, ({ path, importer }) => ({
        path,
        namespace: 'wasm',
        pluginData: importer,
      }))
      build.onLoad({ filter: /.*/, namespace: 'wasm' }, ({ pluginData: from }) => ({
        contents: Buffer.from(wasmText.exec(readFileSync(from, 'utf8'))?.[1] ?? '', 'base64'),
        loader: 'file',
      }))
      // The ES module form of yaml, without the parts that nothing here calls; Node would get CommonJS, whole.
      build.onResolve({ filter: /^yaml$/ }, async ({ resolveDir, kind, pluginData }) => {
        if (pluginData === 'resolved') return undefined
        const { path } = await build.resolve('yaml', { resolveDir, kind, pluginData: 'resolved' })
        const shaken = path.replace(/([\\/]yaml[\\/])dist([\\/]index\.js)$/, '$1browser/dist$2')
        if (shaken === path) return { errors: [{ text: `yaml has changed: its entry is ${path}` }] }
        return { path: shaken, sideEffects: false }
      })
      // Core hashes in JavaScript, which runs anywhere; Node's own code needs a tenth of the time for a large plan.
      build.onResolve({ filter: /^@noble\/hashes\/sha2\.js$/ }, ({ path }) => ({ path, namespace: 'native' }))
      build.onLoad({ filter: /.*/, namespace: 'native' }, () => ({ contents: nativeHash }))
      // React's development tools and their socket, what only browsers ask about themselves, the character sets of
      // a prompt that opens an editor, and answers that come as streams of events: nothing of it ever runs here.
      const unused = /^(react-devtools-core|ws|bowser|iconv-lite|chardet|@smithy\/core\/event-streams)$/
      build.onResolve({ filter: unused }, ({ path }) => ({ path, namespace: 'absent' }))
      build.onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: 'module.exports = {}' }))
    },
  }
  const assertApplied = (inputs) => {
    for (const { name } of transforms) {
      const bundled = inputs.some((input) => input.includes(`/${name.split(' ')[0]}/`))
      if (bundled && !applied.has(name))
        throw new Error(`${name} is bundled, but its transform matched no file`)
    }
  }
  return { plugin, assertApplied }
}
