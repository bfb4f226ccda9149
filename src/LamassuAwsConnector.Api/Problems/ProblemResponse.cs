using System.Text.Json.Serialization;

namespace LamassuAwsConnector.Api.Problems;

/// <summary>Why a request was not done (RFC 9457).</summary>
/// <param name="Type" example="urn:lamassu-aws-connector:problem:notfound">A stable name of the kind of problem.</param>
/// <param name="Title" example="Not found">The kind in words.</param>
/// <param name="Status" example="404">The HTTP status.</param>
/// <param name="Detail" example="Lamassu has no device meter-000099.">One sentence for a person.</param>
/// <param name="Code" example="not_found">A stable word for the failure: ours, or the AWS error code.</param>
/// <param name="Source" example="lamassu">Whose failure it is: <c>connector</c>, <c>lamassu</c> or <c>aws</c>.</param>
/// <param name="TraceId" example="0af7651916cd43dd8448eb211c80319c">Finds the request in log and traces.</param>
/// <param name="Err" example="Lamassu has no device meter-000099.">The same as <c>detail</c>, where Lamassu's user interfaces look for it.</param>
/// <param name="Errors">In a 400 for what was sent: what is wrong, by name of the member, parameter or part of the path; <c>$</c> is the body.</param>
internal sealed record ProblemResponse(
    string Type,
    string Title,
    int Status,
    string Detail,
    string Code,
    string Source,
    [property: JsonPropertyName("traceId")] string TraceId,
    string Err,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors);
