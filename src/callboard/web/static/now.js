import { get } from './api.js'
import { number } from './format.js'
import { into, page } from './page.js'
import { tiles } from './tiles.js'

page(() => {
  into('tiles', async signal => {
    const live = await get('/v2/metrics/meetings', { type: 'live', page_size: 300 }, signal)
    return tiles([{ label: 'Live meetings', value: number(live.total_records), href: '/meetings?type=live' }])
  })
})
