import { readdirSync } from 'node:fs'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** What the service worker keeps, so that every page opens while the hub is out of reach. */
const shellList: Plugin = {
  name: 'shell-list',
  generateBundle(_, bundle) {
    const parts = [...Object.keys(bundle), ...readdirSync(`${import.meta.dirname}/public`)]
    const kept = parts.filter((name) => name !== 'index.html' && name !== 'sw.js')
    this.emitFile({ type: 'asset', fileName: 'shell.json', source: JSON.stringify(kept) })
  },
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), shellList],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    // The content policy allows scripts, styles and pictures from our own address only, so nothing is written into the page.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': process.env['TRIBUTARY_URL'] ?? 'http://127.0.0.1:8004' } },
})
