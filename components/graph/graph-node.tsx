import { Handle, type NodeProps, Position } from "@xyflow/react";
import { Box, Boxes, CircleHelp, Database, type LucideIcon, Map as MapIcon, Plug, Users } from "lucide-react";
import { Link } from "@/components/ui/link";
import type { GraphNode } from "./layout";

export interface NodeData extends Record<string, unknown> {
  node: GraphNode;
  /** The one that Tab reaches. */
  isActive: boolean;
  onNear: (id: string | null) => void;
}

const ICONS: Record<string, LucideIcon> = { component: Box, api: Plug, resource: Database, system: Boxes, domain: MapIcon, group: Users };

export function GraphNodeView({ data }: NodeProps & { data: NodeData }) {
  const { node, isActive, onNear } = data;
  const Icon = ICONS[node.icon ?? ""] ?? CircleHelp;
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <Link
        className={`graph-node nodrag ${node.look}`}
        href={node.href}
        data-node={node.id}
        tabIndex={isActive ? 0 : -1}
        aria-current={node.look === "root" ? "true" : undefined}
        title={node.id}
        onFocus={() => onNear(node.id)}
        onBlur={() => onNear(null)}
        onPointerEnter={() => onNear(node.id)}
        onPointerLeave={() => onNear(null)}
      >
        <Icon className="i" aria-hidden />
        <span className="grow">
          <span className="strong truncate block">{node.title}</span>
          <span className="caption truncate block">{node.caption}</span>
        </span>
      </Link>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </>
  );
}
