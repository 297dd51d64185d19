export default function NotFound() {
  return (
    <header>
      <h1>There is nothing here</h1>
      <p>
        Check the address, or go to <a href="/">the beginning</a>.
      </p>
    </header>
  );
}
