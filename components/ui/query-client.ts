import { QueryClient } from "@tanstack/react-query";

/** What the browser asks again and again, kept for all parts of the page. Handed to each query, so that pages without one need not load it. */
export const queryClient = new QueryClient({ defaultOptions: { queries: { retry: 1, refetchOnWindowFocus: false } } });
