import { SectionHead } from "@/components/ui/page-head";
import { COMMENTS_SHOWN_FROM, type Comments } from "@/lib/surveys/contract";

/** What people wrote, per division, in random order. */
export function CommentsView({ comments }: { comments: Comments[] }) {
  return (
    <section>
      <SectionHead title="In their own words" aside={`Per division, from ${COMMENTS_SHOWN_FROM} comments on, in random order`} />
      {comments.length === 0 ? <p className="muted">None to show: fewer than {COMMENTS_SHOWN_FROM} in every division that you may see.</p> : null}
      <div className="stack-4">
        {comments.map((group) => (
          <div key={group.node} className="panel">
            <div className="panel-head">
              <h3>{group.title}</h3>
              <span className="muted">{group.comments.length}</span>
            </div>
            <ul className="list">
              {group.comments.map((comment, index) => (
                <li key={index} className="message">
                  {comment}
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
    </section>
  );
}
