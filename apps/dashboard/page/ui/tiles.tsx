interface Props {
  readonly tiles: readonly (readonly [title: string, value: string, note: string])[];
}

/** Key figures of a view. */
export const Tiles = ({ tiles }: Props) => (
  <ul class="figures tiles">
    {tiles.map(([title, value, note]) => (
      <li key={title} class="card figure">
        <span class="title">{title}</span>
        <b>{value}</b>
        <span class="small muted">{note}</span>
      </li>
    ))}
  </ul>
);
