"use client";

import "@xyflow/react/dist/base.css";
import { type Edge, MarkerType, type Node, ReactFlow, ReactFlowProvider, useReactFlow } from "@xyflow/react";
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { GraphControls } from "./graph-controls";
import { GraphNodeView, type NodeData } from "./graph-node";
import { type GraphLink, type GraphViewProps, layOut, NODE_HEIGHT, NODE_WIDTH, nearest, type Place } from "./layout";

const NODE_TYPES = { entity: GraphNodeView };
/** From here on what is outside of the window is not drawn. */
const MANY = 120;
const CLOSE = 0.85;
const READABLE = 0.6;
const PHONE = 720;
const MOVE_MS = 160;

export function GraphHost(props: GraphViewProps) {
  return (
    <ReactFlowProvider>
      <Graph {...props} />
    </ReactFlowProvider>
  );
}

function Graph({ label, nodes, links }: GraphViewProps) {
  const root = nodes.find(({ level }) => level === 0)?.id ?? "";
  const places = useMemo(() => layOut(nodes, links), [nodes, links]);
  const [active, setActive] = useState(root);
  const [near, setNear] = useState<string | null>(null);
  const wantsFocus = useRef(false);
  const box = useRef<HTMLDivElement>(null);
  const { setCenter, getZoom } = useReactFlow();

  const goTo = useCallback(
    (id: string) => {
      const place = places.get(id);
      if (!place) return;
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      void setCenter(place.x + NODE_WIDTH / 2, place.y + NODE_HEIGHT / 2, { zoom: Math.max(getZoom(), CLOSE), duration: calm ? 0 : MOVE_MS });
    },
    [places, setCenter, getZoom],
  );
  useEffect(() => setActive(root), [root]);
  useEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    return whenDrawn(box.current, active);
  }, [active]);

  const onKeyDown = (event: KeyboardEvent) => {
    const next = event.key === "Home" ? root : nearest(places, active, event.key);
    if (!next || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    wantsFocus.current = true;
    goTo(next);
    setActive(next);
    setNear(next);
  };
  const flowNodes = useMemo(() => nodes.map((node) => drawn(node, places, { active, onNear: setNear })), [nodes, places, active]);
  const plain = useMemo(() => links.map(edgeOf), [links]);
  const edges = useMemo(
    () =>
      near
        ? plain.map((edge) => (edge.source === near || edge.target === near ? { ...edge, className: `${edge.className} is-near`, zIndex: 1, label: edge.data?.label } : edge))
        : plain,
    [plain, near],
  );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the links inside take the focus; here their arrow keys are heard
    <div ref={box} className="graph-box" onKeyDown={onKeyDown}>
      <ReactFlow
        nodes={flowNodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        aria-label={`${label}. Arrow keys go from one to the next, Home to the middle, Enter opens.`}
        onInit={(flow) => start(flow, places, root)}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        zoomOnScroll={false}
        preventScrolling={false}
        panOnScroll={false}
        minZoom={0.05}
        maxZoom={1.5}
        onlyRenderVisibleElements={nodes.length > MANY}
        proOptions={{ hideAttribution: true }}
      >
        <GraphControls onHome={() => goTo(root)} hasMap={nodes.length > MANY} />
      </ReactFlow>
    </div>
  );
}

function drawn(node: GraphViewProps["nodes"][number], places: Map<string, Place>, { active, onNear }: { active: string; onNear: (id: string | null) => void }): Node<NodeData> {
  const position = places.get(node.id) ?? { x: 0, y: 0 };
  return { id: node.id, type: "entity", position, width: NODE_WIDTH, height: NODE_HEIGHT, data: { node, isActive: node.id === active, onNear } };
}

function edgeOf({ from, to, look, label }: GraphLink): Edge<{ label: string }> {
  return {
    id: `${from} ${to} ${label}`,
    source: from,
    target: to,
    className: `graph-edge ${look}`,
    data: { label },
    markerEnd: { type: MarkerType.ArrowClosed, width: 14, height: 14, color: "var(--muted-foreground)" },
  };
}

type Flow = Pick<ReturnType<typeof useReactFlow<Node<NodeData>>>, "fitView" | "getZoom" | "setCenter">;

/** All of it where that is readable, else the middle at a readable size, beside what is nearest to it. */
function start(flow: Flow, places: Map<string, Place>, root: string): void {
  const at = places.get(root);
  const sides = new Set([...places.values()].map(({ x }) => Math.sign(Math.round(x - (at?.x ?? 0)))));
  const aside = sides.has(1) === sides.has(-1) ? 0 : (sides.has(1) ? 1 : -1) * NODE_WIDTH * 1.5;
  void flow.fitView({ padding: 0.08, maxZoom: 1 }).then(() => {
    if (!at || flow.getZoom() >= READABLE) return;
    const narrow = window.innerWidth < PHONE ? 0.35 : 1;
    void flow.setCenter(at.x + NODE_WIDTH / 2 + aside * narrow, at.y + NODE_HEIGHT / 2, { zoom: CLOSE });
  });
}

/** Gives a node's link the focus as soon as the window has moved to it. */
function whenDrawn(box: HTMLElement | null, id: string): () => void {
  let frame = 0;
  let tries = 0;
  const look = () => {
    const link = box?.querySelector<HTMLElement>(`[data-node="${CSS.escape(id)}"]`);
    if (link) link.focus({ preventScroll: true });
    else if (tries++ < 60) frame = requestAnimationFrame(look);
  };
  look();
  return () => cancelAnimationFrame(frame);
}
