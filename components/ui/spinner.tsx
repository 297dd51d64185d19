import { LoaderCircle } from "lucide-react";

export const Spinner = () => <LoaderCircle className="i spin" aria-hidden />;
