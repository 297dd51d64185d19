import { connection } from "next/server";
import { about } from "../lib/about.js";
import "./style.css";

export async function generateMetadata() {
  await connection();
  const { name, description } = about();
  return { title: name, description };
}

export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>
        <main>{children}</main>
      </body>
    </html>
  );
}
