import type { ReactNode } from "react";

export function PageHead({ title, sub, meta, actions }: { title: ReactNode; sub?: ReactNode; meta?: ReactNode; actions?: ReactNode }) {
  return (
    <div className="page-head">
      <div className="grow">
        <h1>{title}</h1>
        {sub ? <p className="sub">{sub}</p> : null}
        {meta ? <div className="meta">{meta}</div> : null}
      </div>
      {actions ? <div className="actions">{actions}</div> : null}
    </div>
  );
}

export function SectionHead({ title, aside }: { title: ReactNode; aside?: ReactNode }) {
  return (
    <div className="section-head">
      <h2>{title}</h2>
      {aside ? <span className="muted">{aside}</span> : null}
    </div>
  );
}
