using System.Text.Json.Nodes;
using static LamassuAwsConnector.Tests.Contracts.ApiStage;

namespace LamassuAwsConnector.Tests.Contracts;

/// <summary>How each operation of the document is asked in the tests of its answers. What is named here is made by <see cref="ApiStage"/>.</summary>
internal static class OperationTable
{
    private const string OfEveryOperation = "declared for every operation; this one asks neither AWS nor Lamassu";

    private static readonly Dictionary<string, string> Local = new() { ["500"] = OfEveryOperation, ["502"] = OfEveryOperation, ["503"] = OfEveryOperation };

    // The broker being away is a 503, which the tests on a broker see.
    private static readonly Dictionary<string, string> OfLetters = new(Local) { ["409"] = OfEveryOperation };

    /// <summary>By operation id. An operation without a row is a failed test.</summary>
    public static readonly IReadOnlyDictionary<string, OperationRow> Rows = new Dictionary<string, OperationRow>
    {
        ["registerCAWithAws"] = new("/v1/cas/ca-2/register-aws", Body(("primary_account", false)), 200, 200)
        {
            Others =
            [
                (200, "/v1/cas/ca-1/register-aws", Body(("primary_account", true))),
                (200, "/v1/cas/ca-1/register-aws?dry_run=true", Body(("primary_account", true))),
                (404, "/v1/cas/unknown/register-aws", null),
                (404, null, Body(("primary_account", true), ("connector_id", "another"))),
                (400, null, Body()),
            ],
        },
        ["registerDeviceWithAws"] = new("/v1/devices/meter-1/register-aws", Body(), 200, 200)
        {
            Others =
            [
                (200, "/v1/devices/meter-1/register-aws?dry_run=true", null),
                (404, "/v1/devices/unknown/register-aws", null),
                (409, "/v1/devices/meter-3/register-aws", null),
                (409, "/v1/devices/meter-3/register-aws?dry_run=true", null),
                (400, "/v1/devices/meter-1/register-aws?dry_run=perhaps", null),
            ],
        },
        ["getDeviceShadow"] = new("/v1/devices/meter-4/shadow", null, 200)
        {
            Others = [(200, "/v1/devices/meter-1/shadow", null), (404, "/v1/devices/unknown/shadow", null), (409, "/v1/devices/meter-2/shadow", null)],
        },
        ["requestShadowActions"] = new("/v1/devices/meter-4/shadow/actions", Body(("actions", new JsonArray("rotate"))), 200, 200)
        {
            Others =
            [
                (409, "/v1/devices/meter-1/shadow/actions", null),
                (409, "/v1/devices/meter-2/shadow/actions", null),
                (404, "/v1/devices/unknown/shadow/actions", null),
                (400, null, Body(("actions", new JsonArray("no action")))),
                (400, null, Body(("actions", new JsonArray(null, "")))),
                (400, null, Body(("actions", new JsonArray()))),
                (400, null, Body(("actions", "rotate"))),
            ],
        },
        ["putJitpTemplate"] = new("/v1/dms/dms-6/jitp-template", Body(), 201, 200)
        {
            Others =
            [
                (200, "/v1/dms/dms-6/jitp-template?dry_run=true", null),
                (404, "/v1/dms/unknown/jitp-template", null),
                (400, null, Body(("aws_ca_certificate_id", "abc"))),
                (400, null, Body(("provisioning_role_arn", "abc"))),
                (409, null, Body(("aws_ca_certificate_id", new string('a', 64)))),
            ],
        },
        ["getJitpTemplate"] = new("/v1/dms/dms-4/jitp-template", null, 200) { Others = [(404, "/v1/dms/dms-1/jitp-template", null), (404, "/v1/dms/unknown/jitp-template", null)] },
        ["deleteJitpTemplate"] = new("/v1/dms/dms-4/jitp-template", null, 204, 204)
        {
            Others = [(200, "/v1/dms/dms-5/jitp-template?dry_run=true", null), (202, "/v1/dms/dms-5/jitp-template", null), (404, "/v1/dms/unknown/jitp-template", null)],
        },
        ["listJitpTemplates"] = new("/v1/jitp-templates?page_size=1", null, 200)
        {
            UsesLamassu = false,
            Others = [(200, "/v1/jitp-templates?bookmark=", null), (400, "/v1/jitp-templates?bookmark=nonsense", null)],
        },
        ["listConnectors"] = new("/v1/connectors", null, 200) { UsesLamassu = false, UsesAws = false, NotProvoked = Local },
        ["getCAInAws"] = new("/v1/cas/ca-1/aws", null, 200)
        {
            Others = [(200, "/v1/cas/ca-2/aws", null), (404, "/v1/cas/unknown/aws", null)],
        },
        ["removeCAFromAws"] = new("/v1/cas/ca-1/register-aws", null, 200, 200)
        {
            Others =
            [
                (200, "/v1/cas/ca-2/register-aws", null),
                (200, "/v1/cas/ca-1/register-aws?dry_run=true", null),
                (404, "/v1/cas/unknown/register-aws", null),
            ],
        },
        ["getDeviceInAws"] = new("/v1/devices/meter-1/aws", null, 200) { Others = [(404, "/v1/devices/unknown/aws", null)] },
        ["getIamPolicy"] = new("/v1/iam/policy", null, 200) { UsesLamassu = false, UsesAws = false, NotProvoked = Local },
        ["listDeadLetters"] = new("/v1/dead-letters?page_size=1", null, 200)
        {
            UsesLamassu = false,
            UsesAws = false,
            NotProvoked = Local,
            Others = [(400, "/v1/dead-letters?bookmark=nonsense", null)],
        },
        ["replayDeadLetters"] = new("/v1/dead-letters/replay", Body(("all", true)), 200)
        {
            UsesLamassu = false,
            UsesAws = false,
            NotProvoked = OfLetters,
            Others =
            [
                (200, null, Body(("ids", new JsonArray(new string('a', 64))))),
                (200, null, Body(("cause", "denied"))),
                (404, null, Body(("all", true), ("connector_id", "another"))),
                (400, null, Body()),
                (400, null, Body(("ids", new JsonArray("abc")))),
                (400, null, Body(("ids", new JsonArray()))),
            ],
        },
        ["deleteDeadLetters"] = new("/v1/dead-letters?cause=denied", null, 200)
        {
            UsesLamassu = false,
            UsesAws = false,
            NotProvoked = OfLetters,
            Others = [(200, "/v1/dead-letters?all=true", null), (400, "/v1/dead-letters", null), (400, "/v1/dead-letters?all=maybe", null)],
        },
        ["deleteDeadLetter"] = new($"/v1/dead-letters/{new string('a', 64)}", null, 404)
        {
            UsesLamassu = false,
            UsesAws = false,
            Others = [(400, "/v1/dead-letters/abc", null)],
            NotProvoked = new Dictionary<string, string>(OfLetters) { ["204"] = "there is no dead letter here; the tests of the letters see it" },
        },
        ["getHealth"] = new("/health", null, 200) { UsesLamassu = false, UsesAws = false },
        ["getLive"] = new("/health/live", null, 200) { UsesLamassu = false, UsesAws = false },
        ["getReady"] = new("/health/ready", null, 200) { UsesAws = false },
    };
}
