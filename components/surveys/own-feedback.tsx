import { Empty } from "@/components/ui/empty";
import { Time } from "@/components/ui/time";
import type { Feedback } from "@/lib/surveys/contract";

/** A message with its answer. */
export function FeedbackMessage({ message, now }: { message: Feedback; now: string }) {
  return (
    <article className="panel">
      <div className="panel-head">
        <span className="muted">
          <Time at={message.createdAt} now={now} />
          {message.page ? <span className="mono">, {message.page}</span> : null}
        </span>
        <span className="muted">{message.answer ? "Answered" : "Waits for an answer"}</span>
      </div>
      <p className="panel-body message">{message.text}</p>
      {message.answer ? (
        <div className="panel-body ruled">
          <p className="message">{message.answer.text}</p>
          <p className="caption mt-2">
            {message.answer.by}, <Time at={message.answer.at} now={now} />
          </p>
        </div>
      ) : null}
    </article>
  );
}

export function OwnFeedback({ items, now }: { items: Feedback[]; now: string }) {
  if (items.length === 0) {
    return (
      <div className="table-wrap">
        <Empty title="You have not told anything yet">The button in the top bar, “Tell the platform team”, is on every page. Answers show up here and as a notice.</Empty>
      </div>
    );
  }
  return (
    <div className="form stack-4">
      {items.map((message) => (
        <FeedbackMessage key={message.id} message={message} now={now} />
      ))}
    </div>
  );
}
