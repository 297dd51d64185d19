import type { NextConfig } from "next";

const config: NextConfig = {
  output: "standalone",
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm run check` does that for the whole repository; whoever starts Waymark need not wait for it.
  typescript: { ignoreBuildErrors: true },
  images: { unoptimized: true },
  serverExternalPackages: ["graphile-worker", "nunjitsu", "oidc-provider", "pino", "postgres", "prom-client"],
  outputFileTracingIncludes: {
    "/**": [
      "./db/migrations/**",
      "./golden-paths/**",
      "./lib/core/cel/*.mjs",
      "./lib/golden-paths/engine/*.mjs",
      "./lib/environments/drivers/local/*.mjs",
      "./dist/otel/*.cjs",
      "./dist/catalog/*.mjs",
      "./node_modules/@marcbachmann/cel-js/**",
      "./node_modules/{jsonata,nunjitsu,picomatch}/**",
      "./node_modules/@mermaid-js/tiny/dist/mermaid.tiny.js",
      "./node_modules/@cfworker/json-schema/**",
    ],
  },
  // Sources and tests that a path made at run time could mean by its pattern.
  outputFileTracingExcludes: { "/**": ["./app/**", "./bench/**", "./components/**", "./tests/**", "./test-results/**", "./Dockerfile", "./vitest.config.ts"] },
  // Pages get theirs from proxy.ts, with a nonce.
  headers: async () => [{ source: "/api/:path*", headers: [{ key: "X-Content-Type-Options", value: "nosniff" }] }],
  experimental: { serverActions: { bodySizeLimit: "1mb" } },
};

export default config;
