"use client";

import { Search } from "lucide-react";
import { Button } from "@/components/ui/button";
import { openPalette } from "./shell-events";

export function SearchButton() {
  return (
    <button type="button" className="side-search" onClick={openPalette}>
      <Search className="i" aria-hidden />
      Search
      <span className="line ml-auto">
        <kbd className="kbd">Ctrl</kbd>
        <kbd className="kbd">K</kbd>
      </span>
    </button>
  );
}

export function SearchIconButton() {
  return (
    <Button variant="icon" className="phone line" aria-label="Search" onClick={openPalette}>
      <Search className="i" aria-hidden />
    </Button>
  );
}
