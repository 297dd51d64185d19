const policy = [
  "default-src 'self'",
  // Next.js puts the page's data into inline scripts and styles.
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

export default {
  poweredByHeader: false,
  reactStrictMode: true,
  // No image service: pictures are served as they are.
  images: { unoptimized: true },
  experimental: { turbopackFileSystemCacheForBuild: false },
  headers: async () => [
    {
      source: "/:path*",
      headers: [
        { key: "Content-Security-Policy", value: policy },
        { key: "Referrer-Policy", value: "no-referrer" },
        { key: "X-Content-Type-Options", value: "nosniff" },
      ],
    },
  ],
};
