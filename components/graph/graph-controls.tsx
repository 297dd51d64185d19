import { MiniMap, Panel, useReactFlow } from "@xyflow/react";
import { LocateFixed, Maximize, Minus, Plus } from "lucide-react";
import { Button } from "@/components/ui/button";

export function GraphControls({ onHome, hasMap }: { onHome: () => void; hasMap: boolean }) {
  const { zoomIn, zoomOut, fitView } = useReactFlow();
  const controls = [
    { label: "Zoom in", Icon: Plus, act: () => zoomIn() },
    { label: "Zoom out", Icon: Minus, act: () => zoomOut() },
    { label: "Show all", Icon: Maximize, act: () => fitView({ padding: 0.08, maxZoom: 1 }) },
    { label: "Go to the middle", Icon: LocateFixed, act: onHome },
  ];
  return (
    <>
      <Panel position="bottom-right" className="graph-controls">
        {controls.map(({ label, Icon, act }) => (
          <Button key={label} variant="square" aria-label={label} title={label} onClick={() => void act()}>
            <Icon className="i" aria-hidden />
          </Button>
        ))}
      </Panel>
      {hasMap ? (
        <MiniMap
          className="desk"
          position="top-left"
          pannable
          zoomable
          ariaLabel="Overview of the graph"
          nodeColor="var(--border-strong)"
          maskColor="color-mix(in srgb, var(--muted-strong) 60%, transparent)"
          bgColor="var(--surface)"
        />
      ) : null}
    </>
  );
}
