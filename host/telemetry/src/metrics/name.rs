//! The names: every metric, with its labels in order, and every label.

/// One family of series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// Requests that were answered, or given up by their clients.
    Requests,
    /// How long answers took.
    RequestDuration,
    /// Calls that run in an instance.
    InstancesRunning,
    /// Instances that wait for their next call.
    InstancesWaiting,
    /// Instances that were made for calls.
    InstancesStarted,
    /// Calls for which the host had no room.
    InstancesRefused,
    /// Calls that wait for a place.
    CallsQueued,
    /// How long they waited.
    QueueDuration,
    /// What stopped calls.
    Faults,
    /// Deliveries of events.
    Deliveries,
    /// Deploys that ended.
    Deploys,
    /// Calls of blocks.
    BlockCalls,
    /// How long they took.
    BlockCallDuration,
    /// What the last probe of a store found.
    StoreUp,
    /// CPU time of the process.
    ProcessCpu,
    /// Memory of the process.
    ProcessMemory,
    /// Open files of the process.
    ProcessFiles,
    /// When the process began.
    ProcessStart,
}

/// What tells the series of a metric apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// A deployed function; empty where none was found.
    Function,
    /// A route of the function, as written; empty for calls by name.
    Route,
    /// The method of the request.
    Method,
    /// The class of the answer's status.
    Status,
    /// The kind of fault, or of a deploy's end.
    Kind,
    /// What an event came through.
    Trigger,
    /// A block.
    Block,
    /// An operation of the block.
    Operation,
    /// A configured store.
    Store,
    /// Its driver.
    Driver,
    /// `ok`, or the kind of the error; how a deploy or a delivery ended.
    Outcome,
}

/// What Prometheus calls the type of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Counter,
    Gauge,
    Histogram,
}

struct Row {
    metric: Metric,
    name: &'static str,
    kind: Type,
    labels: &'static [Label],
    help: &'static str,
}

const fn row(
    metric: Metric,
    name: &'static str,
    kind: Type,
    labels: &'static [Label],
    help: &'static str,
) -> Row {
    Row { metric, name, kind, labels, help }
}

const OF_FUNCTION: &[Label] = &[Label::Function];

/// The table of `docs/reference/actuator.md`, in the order of the enum.
const TABLE: [Row; 18] = [
    row(
        Metric::Requests,
        "ottavo_requests_total",
        Type::Counter,
        &[Label::Function, Label::Route, Label::Method, Label::Status],
        "Requests that were answered, or given up by their clients.",
    ),
    row(
        Metric::RequestDuration,
        "ottavo_request_duration_seconds",
        Type::Histogram,
        &[Label::Function, Label::Route],
        "From the head of a request to its answer.",
    ),
    row(
        Metric::InstancesRunning,
        "ottavo_instances_running",
        Type::Gauge,
        OF_FUNCTION,
        "Calls that run in an instance now.",
    ),
    row(
        Metric::InstancesWaiting,
        "ottavo_instances_waiting",
        Type::Gauge,
        OF_FUNCTION,
        "Kept instances that wait for their next call.",
    ),
    row(
        Metric::InstancesStarted,
        "ottavo_instances_started_total",
        Type::Counter,
        OF_FUNCTION,
        "Instances that were made for calls.",
    ),
    row(
        Metric::InstancesRefused,
        "ottavo_instances_refused_total",
        Type::Counter,
        OF_FUNCTION,
        "Calls that found no place, or no room for an instance.",
    ),
    row(
        Metric::CallsQueued,
        "ottavo_calls_queued",
        Type::Gauge,
        OF_FUNCTION,
        "Calls that wait for one that runs to end.",
    ),
    row(
        Metric::QueueDuration,
        "ottavo_queue_duration_seconds",
        Type::Histogram,
        OF_FUNCTION,
        "How long calls waited that had to, also those that were refused then.",
    ),
    row(
        Metric::Faults,
        "ottavo_faults_total",
        Type::Counter,
        &[Label::Function, Label::Kind],
        "Calls that were stopped without an answer of the function's own.",
    ),
    row(
        Metric::Deliveries,
        "ottavo_deliveries_total",
        Type::Counter,
        &[Label::Function, Label::Trigger, Label::Outcome],
        "Deliveries of events to functions that ended.",
    ),
    row(
        Metric::Deploys,
        "ottavo_deploys_total",
        Type::Counter,
        &[Label::Outcome],
        "Deploys that ended.",
    ),
    row(
        Metric::BlockCalls,
        "ottavo_block_calls_total",
        Type::Counter,
        &[Label::Block, Label::Operation, Label::Store, Label::Driver, Label::Outcome],
        "Calls of blocks, by functions and by apps.",
    ),
    row(
        Metric::BlockCallDuration,
        "ottavo_block_call_duration_seconds",
        Type::Histogram,
        &[Label::Block, Label::Operation, Label::Store, Label::Driver],
        "How long calls of blocks took.",
    ),
    row(
        Metric::StoreUp,
        "ottavo_store_up",
        Type::Gauge,
        &[Label::Block, Label::Store, Label::Driver],
        "1 when the last probe of the store found it up, else 0.",
    ),
    row(
        Metric::ProcessCpu,
        "process_cpu_seconds_total",
        Type::Counter,
        &[],
        "CPU time of the process, in user and system mode.",
    ),
    row(
        Metric::ProcessMemory,
        "process_resident_memory_bytes",
        Type::Gauge,
        &[],
        "Memory that the process holds.",
    ),
    row(Metric::ProcessFiles, "process_open_fds", Type::Gauge, &[], "Open file descriptors."),
    row(
        Metric::ProcessStart,
        "process_start_time_seconds",
        Type::Gauge,
        &[],
        "When the process began, in seconds since the Unix epoch.",
    ),
];

impl Metric {
    /// Every metric.
    pub fn all() -> impl Iterator<Item = Metric> {
        TABLE.iter().map(|row| row.metric)
    }

    fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }

    /// As Prometheus knows it.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// What tells its series apart, in the order of a sample's values.
    pub fn labels(self) -> &'static [Label] {
        self.row().labels
    }

    pub(super) fn kind(self) -> Type {
        self.row().kind
    }

    pub(super) fn help(self) -> &'static str {
        self.row().help
    }
}

impl Label {
    /// As Prometheus knows it.
    pub fn name(self) -> &'static str {
        match self {
            Label::Function => "function",
            Label::Route => "route",
            Label::Method => "method",
            Label::Status => "status",
            Label::Kind => "kind",
            Label::Trigger => "trigger",
            Label::Block => "block",
            Label::Operation => "operation",
            Label::Store => "store",
            Label::Driver => "driver",
            Label::Outcome => "outcome",
        }
    }
}

impl Type {
    pub(super) fn name(self) -> &'static str {
        match self {
            Type::Counter => "counter",
            Type::Gauge => "gauge",
            Type::Histogram => "histogram",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_metric_stands_at_its_own_row() {
        for metric in Metric::all() {
            assert_eq!(metric.row().metric, metric);
        }
    }

    #[test]
    fn the_reference_page_has_every_metric_with_its_type_and_labels() {
        let page = include_str!("../../../../docs/reference/actuator.md");
        for metric in Metric::all() {
            let labels: Vec<_> =
                metric.labels().iter().map(|label| format!("`{}`", label.name())).collect();
            let (name, kind) = (metric.name(), metric.kind().name());
            let row = format!("| `{name}` | {kind} | {} |", labels.join(", "));
            assert!(page.contains(&row), "{row}");
        }
    }
}
