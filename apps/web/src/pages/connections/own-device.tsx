import { Link } from '@tanstack/react-router'
import { path } from '../../util/path-builder.ts'
import styles from './connections.module.css'
import { ProviderMark } from './provider-mark.tsx'

/** Whatever is in no list: a scale in the garage, a script on a server. */
export function OwnDevice() {
  return (
    <div>
      <h3 className={styles['group']}>Anything else</h3>
      <ul className={styles['grid']}>
        <li>
          <Link {...path.customApi()} className={styles['provider']}>
            <span className={styles['head']}>
              <ProviderMark name="+" />
              <span className={styles['name']}>
                <strong>A device with its own API</strong>
              </span>
            </span>
            <span className={styles['soft']}>
              It answers JSON over HTTP? Say where to ask and what its fields mean, and try it before it connects.
            </span>
          </Link>
        </li>
      </ul>
    </div>
  )
}
