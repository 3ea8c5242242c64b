import type { EnrolledTracker } from '../../server/stores/accounts/contract.ts';
import { TrackerForm } from '../dispatch/parts/tracker-form.tsx';
import { TrackerSettings } from '../dispatch/parts/tracker-settings.tsx';
import { TrackersContent } from '../dispatch/parts/trackers-dialog.tsx';
import { theSeenTrackers, theVehicles } from './sample-city.ts';
import { Specimen } from './specimen.tsx';

const nothing = (): void => undefined;
const WIDTH = 560;
const EMPTY = { seen: [] };
const COMING = { reading: 'coming' as const };
const FAILED = { reading: 'failed' as const };

const aTracker = (protocol: EnrolledTracker['protocol'], trackerId: string): EnrolledTracker => ({
  deviceId: theVehicles[0]!.id,
  vehicleId: theVehicles[0]!.id,
  protocol,
  trackerId,
  path: `/trackers/${protocol}`,
  key: protocol === 'traccar' ? null : '7q2xk-m40zd-9hw3c-t5r8v',
});

/** The dialog of trackers of other makers. */
export function Trackers(): React.JSX.Element {
  return (
    <>
      <Specimen is="trackersWaiting" width={WIDTH}>
        <div className="trackers part">
          <TrackersContent onClose={nothing} />
        </div>
      </Specimen>
      <Specimen is="trackersNone" width={WIDTH} desk={EMPTY}>
        <div className="trackers part">
          <TrackersContent onClose={nothing} />
        </div>
      </Specimen>
      <Specimen is="trackersLoading" width={WIDTH} desk={COMING}>
        <div className="trackers part">
          <TrackersContent onClose={nothing} />
        </div>
      </Specimen>
      <Specimen is="trackersFailed" width={WIDTH} desk={FAILED}>
        <div className="trackers part">
          <TrackersContent onClose={nothing} />
        </div>
      </Specimen>
      <Specimen is="trackerAdopting" width={WIDTH}>
        <div className="trackers part">
          <TrackerForm of={theSeenTrackers[0]!} vehicles={theVehicles} onDone={nothing} onCancel={nothing} />
        </div>
      </Specimen>
      <Specimen is="trackerOsmAnd" width={WIDTH}>
        <div className="trackers part">
          <TrackerSettings tracker={aTracker('osmand', '473920')} onClose={nothing} />
        </div>
      </Specimen>
      <Specimen is="trackerOwnTracks" width={WIDTH}>
        <div className="trackers part">
          <TrackerSettings tracker={aTracker('owntracks', 'jane/phone')} onClose={nothing} />
        </div>
      </Specimen>
      <Specimen is="trackerTraccar" width={WIDTH}>
        <div className="trackers part">
          <TrackerSettings tracker={aTracker('traccar', '359633100')} onClose={nothing} />
        </div>
      </Specimen>
    </>
  );
}
