internal import Replay

extension TaskRunner {
    /// Notes an event for each notice that comes up, until it is cancelled.
    func tellNotices(of replayer: Replayer) async {
        var known: Set<Notice>?
        for await status in replayer.statuses() {
            let notices = Set(status.notices)
            // Those of the checkpoint were told when they came up.
            for notice in status.notices where known?.contains(notice) == false {
                await note("task.notice", notice.text)
            }
            known = known == nil && status.state == .stopped ? nil : notices
        }
    }
}
