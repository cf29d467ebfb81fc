import { Component, type ComponentChildren } from 'preact'

interface BoundaryProps {
  readonly children: ComponentChildren
  /** With another one, the children are tried again. */
  readonly attempt: string
}

/** Shows an error in the place of children that fail, and leaves the rest of the page alone. */
export class Boundary extends Component<BoundaryProps, { error?: unknown; attempt?: string }> {
  override componentDidCatch(error: unknown): void {
    this.setState({ error, attempt: this.props.attempt })
  }

  render() {
    const { error, attempt } = this.state
    if (error === undefined || attempt !== this.props.attempt) return this.props.children
    return (
      <div class="box bad" role="alert">
        <strong>This part cannot be shown.</strong>
        <pre>{(error as Error).message}</pre>
      </div>
    )
  }
}
