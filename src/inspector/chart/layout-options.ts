/** How ELK lays out a chart. */

export const layoutOptions: Readonly<Record<string, string>> = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.json.edgeCoords': 'ROOT',
  'elk.json.shapeCoords': 'ROOT',
  'elk.randomSeed': '1',
  'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
  'elk.layered.nodePlacement.bk.fixedAlignment': 'BALANCED',
  'elk.layered.thoroughness': '40',
  'elk.spacing.nodeNode': '28',
  'elk.spacing.edgeNode': '18',
  'elk.spacing.edgeEdge': '12',
  'elk.spacing.edgeLabel': '2',
  'elk.layered.spacing.nodeNodeBetweenLayers': '14',
  'elk.layered.spacing.edgeNodeBetweenLayers': '11',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '9',
}

/**
 * ELK 0.12 accepts the order of the document only in the outermost graph. In inner graphs, the
 * start comes first.
 */
const outerOptions = {
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.layered.cycleBreaking.strategy': 'MODEL_ORDER',
}
const innerOptions = {
  'elk.layered.cycleBreaking.strategy': 'DEPTH_FIRST',
  'elk.layered.crossingMinimization.semiInteractive': 'true',
}

/** Of a state with states inside, whose own texts need `width` and `height`, px. */
export function optionsAt(
  depth: number,
  width: number,
  height: number,
): Readonly<Record<string, string>> {
  return {
    ...(depth === 0 ? outerOptions : innerOptions),
    'elk.padding': `[top=${height + 14},left=16,bottom=16,right=16]`,
    'elk.nodeSize.constraints': 'MINIMUM_SIZE',
    // ELK rotates an inner graph to lay it out downward, but not its minimum size.
    'elk.nodeSize.minimum': depth === 0 ? `(${width}, ${height})` : `(${height}, ${width})`,
  }
}
