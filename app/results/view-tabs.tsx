'use client';
/** Saved views as tabs above the table; what was changed can be saved, saved anew, or taken back. */
import { Button } from '@mantine/core';
import { lazy } from 'react';
import type { SavedView, ViewState } from '../../server/api/schemas/results-view.ts';
import { OnDemand } from '../_components/on-demand.tsx';
import { Notice } from '../_components/states.tsx';
import { useCreateView, useRemoveView, useUpdateView } from '../_lib/api-results.ts';
import classes from './results.module.css';

const NameForm = lazy(() => import('./name-form.tsx'));
const ViewMenu = lazy(() => import('./view-menu.tsx'));

interface ViewTabsProps {
  readonly views: readonly SavedView[];
  readonly active: SavedView | null;
  readonly state: ViewState;
  readonly changed: boolean;
  readonly onOpen: (id: string | null) => void;
  /** Something was done that can be undone. */
  readonly onDone: (message: string, undo: () => void) => void;
}

export function ViewTabs({ views, active, state, changed, onOpen, onDone }: ViewTabsProps) {
  const create = useCreateView();
  const update = useUpdateView();
  const remove = useRemoveView();
  const failed = create.error ?? update.error ?? remove.error;
  const save = (name: string, done: () => void): void =>
    create.mutate({ name, state }, { onSuccess: ({ id }) => (done(), onOpen(id)) });
  return (
    <div>
      <div className={classes.tabs}>
        <nav aria-label="Views" className={classes.tabList}>
          <Tab name="All runs" current={active === null} onOpen={() => onOpen(null)} place={1} />
          {views.map(({ id, name }, index) => (
            <Tab
              key={id}
              name={name}
              current={id === active?.id}
              onOpen={() => onOpen(id)}
              place={index + 2}
            />
          ))}
        </nav>
        <div className={classes.row}>
          {changed && (
            <>
              <span className={classes.count}>changed</span>
              {active !== null && (
                <Button
                  size="xs"
                  variant="default"
                  loading={update.isPending}
                  onClick={() =>
                    update.mutate(
                      { id: active.id, state },
                      {
                        onSuccess: () => {
                          onOpen(active.id);
                          const { id, state: before } = active;
                          onDone(`${active.name} was saved.`, () =>
                            update.mutate({ id, state: before }),
                          );
                        },
                      },
                    )
                  }
                >
                  Save
                </Button>
              )}
              <OnDemand size="xs" variant="default" opens="dialog" label="Save as a view">
                <NameForm label="Save as a view" word="Save" initial="" onName={save} />
              </OnDemand>
              <Button size="xs" variant="subtle" onClick={() => onOpen(active?.id ?? null)}>
                Reset
              </Button>
            </>
          )}
          {active !== null && (
            <ViewTools
              view={active}
              onRename={(name) => update.mutate({ id: active.id, name })}
              onDelete={() =>
                remove.mutate(active.id, {
                  onSuccess: ({ name, state: was }) => {
                    onOpen(null);
                    onDone(`The view ${name} was deleted.`, () =>
                      create.mutate({ name, state: was }),
                    );
                  },
                })
              }
            />
          )}
        </div>
      </div>
      {failed !== null && <Notice tone="bad">{failed.message}</Notice>}
    </div>
  );
}

function Tab({
  name,
  current,
  onOpen,
  place,
}: {
  name: string;
  current: boolean;
  onOpen: () => void;
  place: number;
}) {
  return (
    <button
      type="button"
      className={classes.tab}
      aria-current={current ? 'true' : undefined}
      title={place <= 9 ? `Key ${place}` : undefined}
      onClick={onOpen}
    >
      {name}
    </button>
  );
}

function ViewTools({
  view,
  onRename,
  onDelete,
}: {
  view: SavedView;
  onRename: (name: string) => void;
  onDelete: () => void;
}) {
  return (
    <>
      <OnDemand key={view.name} size="xs" variant="default" opens="dialog" label="Rename">
        <NameForm
          label="Rename"
          word="Rename"
          initial={view.name}
          onName={(name, done) => {
            onRename(name);
            done();
          }}
        />
      </OnDemand>
      <OnDemand
        size="xs"
        variant="default"
        opens="menu"
        name={`More for the view ${view.name}`}
        label="…"
      >
        <ViewMenu name={view.name} onDelete={onDelete} />
      </OnDemand>
    </>
  );
}
