// Writes test/records/captured/lines/<program>.txt: lines that real programs print. Run it by hand when a shape is
// added; programs that are not installed are left out. npm's are installed into a temporary folder; the others
// are Debian's: python3-structlog python3-pythonjsonlogger uvicorn gunicorn python3-flask nginx-light apache2-bin
// redis-server postgresql golang-go ruby openjdk-17-jdk-headless prometheus caddy golang-go.uber-zap-dev dnsmasq-base unbound tinyproxy-bin, tor, knot, nsd, gearman-job-server, kea-dhcp4-server, syncthing, elixir, and curl. Needs root for PostgreSQL (it runs as its own user).
//
//     node scripts/capture-lines.mjs [PROGRAM…]

import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const target = new URL("../test/records/captured/lines/", import.meta.url).pathname;
const apartTarget = new URL("../test/fixtures/real-lines/", import.meta.url).pathname;
const python = "/usr/bin/python3";

/** Serves in the background, asks it three things, ends it. */
const askThree = (serve, port) =>
  `${serve} & pid=$!; sleep 2; for path in / '/missing?q=1' /; do curl -s -o answer -A 'curl/8 "quoted"' "http://127.0.0.1:${port}$path"; done; kill $pid; wait $pid 2>/dev/null; true`;

/**
 * Each program: the files it needs, the shell text that runs it, npm packages if any. `@FOLDER@` is the folder. With `apart` its streams
 * are kept apart, beside test/fixtures/real-lines' expectations, which are to be written down anew for them.
 */
const programs = {
  pino_pretty: {
    apart: true,
    npm: ["pino", "pino-pretty"],
    files: {
      "a.cjs":
        "const pino=require('pino'), pretty=require('pino-pretty');\nconst opt=[{colorize:true},{colorize:false,translateTime:'SYS:yyyy-mm-dd HH:MM:ss.l o',ignore:'pid,hostname'},{singleLine:true,colorize:true,translateTime:true}][0];\nconst l=pino({name:'shop',level:'trace',serializers:pino.stdSerializers},pretty({...opt,sync:true}));\nl.info('Server listening at http://0.0.0.0:3000'); l.debug({order:7,items:['a','b']},'order accepted'); l.trace('deep'); l.warn('stock low: 3 left');\ntry{ null.x }catch(e){ l.error(e,'order failed') } l.info({req:{method:'GET',url:'/orders/7',headers:{host:'x'}},res:{statusCode:200},responseTime:12},'request completed'); l.error({err:new Error('no route')}); l.info('two\\nlines'); l.fatal('out of memory'); l.child({module:'cart'}).info('child says');\n",
    },
    run: "node a.cjs",
  },
  bunyan_short: {
    apart: true,
    npm: ["bunyan"],
    files: {
      "a.cjs":
        "const b=require('bunyan'); const l=b.createLogger({name:'shop',level:'trace',hostname:'web1',serializers:b.stdSerializers}); l.info('started'); l.warn({free:3},'disk low'); l.error(new Error('kaboom')); l.debug('dbg'); l.trace('deep'); l.fatal('gone'); l.info({component:'cart',order:{id:7}},'order stored'); l.info('two\\nlines');\n",
    },
    run: "node a.cjs | node_modules/.bin/bunyan -o short",
  },
  express: {
    apart: true,
    npm: ["express", "morgan", "winston"],
    files: {
      "a.cjs":
        "const express=require('express'),morgan=require('morgan'),winston=require('winston');\nconst {combine,timestamp,printf,splat,align,colorize,errors}=winston.format;\nconst log=winston.createLogger({level:'debug',format:combine(errors({stack:true}),colorize({all:true}),timestamp({format:'YYYY-MM-DD hh:mm:ss.SSS A'}),align(),printf(i=>'['+i.timestamp+'] '+i.level+': '+i.message+(i.stack?'\\n'+i.stack:''))),transports:[new winston.transports.Console()]});\nconst app=express(); app.use(morgan('dev')); app.use(morgan(':remote-addr :method :url :status :res[content-length] - :response-time ms',{stream:{write:m=>log.http(m.trim())}}));\napp.get('/',(q,r)=>r.send('x')); app.get('/boom',(q,r)=>{throw new TypeError(\"Cannot read properties of undefined (reading 'id')\")}); app.get('/nx',(q,r,n)=>n(Object.assign(new Error('teapot'),{status:418})));\nconst s=app.listen(29103,async()=>{log.info('listening on port 29103'); log.warn('cache is cold'); log.debug('config loaded'); for(const u of ['/','/boom','/none','/nx']) await fetch('http://127.0.0.1:29103'+u).then(r=>r.text()); log.error(new Error('db down')); log.error('payment failed'); s.close()});\n",
    },
    run: "node a.cjs",
  },
  log4js_basic: {
    apart: true,
    npm: ["log4js"],
    files: {
      "a.cjs":
        "const log4js=require('log4js'); const k=process.argv[2];\nlog4js.configure({appenders:{o:{type:'stdout',layout:k==='col'?{type:'coloured'}:k==='basic'?{type:'basic'}:{type:'pattern',pattern:'%d{yyyy/MM/dd-hh.mm.ss} %z %[%5.5p%] %h %c (%f{1}:%l) - %m%n'}}},categories:{default:{appenders:['o'],level:'trace',enableCallStack:true}}});\nconst l=log4js.getLogger('cart'); l.trace('deep'); l.debug('config loaded'); l.info('order',7,'stored',{user:'bob'}); l.warn('stock low'); l.error('order failed',new Error('no route')); l.fatal('gone'); l.mark('a mark'); l.info('two\\nlines');\n",
    },
    run: "node a.cjs basic",
  },
  python_names: {
    apart: true,
    files: {
      "a.py":
        'import logging, sys\nh = logging.StreamHandler(sys.stdout); h.setFormatter(logging.Formatter(\'%(asctime)s %(threadName)s %(levelname)-7s %(name)s %(message)s\')); r = logging.getLogger(); r.addHandler(h); r.setLevel(10)\nlog = logging.getLogger("shop.cart")\nlog.debug("config loaded"); log.info("order %d stored", 7); log.warning("stock low: %d left", 3); log.error("order failed: no route")\ntry: {}["price"]\nexcept KeyError: log.exception("lookup failed")\nlog.critical("gone"); log.info("two\\nlines"); log.info("done")\n',
    },
    run: `${python} a.py`,
  },
  python_django: {
    apart: true,
    files: {
      "a.py":
        'import logging, sys\nh = logging.StreamHandler(sys.stdout); h.setFormatter(logging.Formatter(\'%(levelname)s %(asctime)s %(module)s %(process)d %(thread)d %(message)s\')); r = logging.getLogger(); r.addHandler(h); r.setLevel(10)\nlog = logging.getLogger("shop.cart")\nlog.debug("config loaded"); log.info("order %d stored", 7); log.warning("stock low: %d left", 3); log.error("order failed: no route")\ntry: {}["price"]\nexcept KeyError: log.exception("lookup failed")\nlog.critical("gone"); log.info("two\\nlines"); log.info("done")\n',
    },
    run: `${python} a.py`,
  },
  python_cookbook: {
    apart: true,
    files: {
      "a.py":
        'import logging, sys\nh = logging.StreamHandler(sys.stdout); h.setFormatter(logging.Formatter(\'%(name)-12s: %(levelname)-8s %(message)s\')); r = logging.getLogger(); r.addHandler(h); r.setLevel(10)\nlog = logging.getLogger("shop.cart")\nlog.debug("config loaded"); log.info("order %d stored", 7); log.warning("stock low: %d left", 3); log.error("order failed: no route")\ntry: {}["price"]\nexcept KeyError: log.exception("lookup failed")\nlog.critical("gone"); log.info("two\\nlines"); log.info("done")\n',
    },
    run: `${python} a.py`,
  },
  structlog_console: {
    apart: true,
    files: {
      "a.py":
        'import structlog,logging,sys\nl=structlog.get_logger("shop"); l.debug("config loaded",path="/etc/a b"); l.info("order stored",order=7,user="bob"); l.warning("stock low",left=3); l.error("order failed",err="no route")\ntry: 1/0\nexcept Exception: l.exception("crashed",order=7)\nl.critical("gone"); l.info("two\\nlines")\n',
    },
    run: `FORCE_COLOR=1 ${python} a.py`,
  },
  moleculer: {
    apart: true,
    npm: ["moleculer"],
    files: {
      "a.js":
        "const { ServiceBroker } = require('moleculer');\n(async () => {\nfor (const formatter of ['full','short','simple']) {\n const b = new ServiceBroker({ nodeID: 'node-1', namespace: 'shop', logger: { type: 'Console', options: { level: 'debug', colors: true, formatter, moduleColors: false } } });\n b.createService({ name: 'cart', actions: { pay(ctx) { this.logger.info('paying', ctx.params); if (ctx.params.id > 7) throw new Error('too much'); return 1; } }, started() { this.logger.warn('cart is young'); } });\n await b.start(); await b.call('cart.pay', { id: 7 }); try { await b.call('cart.pay', { id: 9 }); } catch (e) { b.logger.error('failed', e); }\n try { await b.call('cart.none'); } catch (e) { b.logger.error(e.message); }\n await b.stop();\n}})();\n",
    },
    run: "FORCE_COLOR=1 node a.js",
  },
  caterpillar: {
    apart: true,
    npm: ["caterpillar"],
    files: {
      "a.mjs":
        "import { Logger, Filter, Human } from \"caterpillar\";\nconst l = new Logger({lineLevel: 7}); l.pipe(new Filter({ filterLevel: 7 })).pipe(new Human()).pipe(process.stdout);\nfor (const k of ['emergency','alert','critical','error','warning','notice','info','debug']) l.log(k, 'a ' + k + ' line'); l.log('info','two\\nlines');\n",
    },
    run: "node a.mjs",
  },
  kafkajs: {
    apart: true,
    npm: ["kafkajs"],
    files: {
      "a.js":
        "const { Kafka, logLevel } = require('kafkajs'); const k = new Kafka({ clientId:'shop', brokers:['127.0.0.1:1'], logLevel: logLevel.INFO, retry:{retries:1,initialRetryTime:100}});\nconst p = k.producer(); p.connect().catch(e => { k.logger().error('gave up', { reason: e.message }); });\n",
    },
    run: "node a.js",
  },
  ololog: {
    apart: true,
    npm: ["ololog"],
    files: {
      "a.js":
        "const l = require('ololog').configure({ time: true, locate: true, tag: true, stringify: { fancy: false } }); l('plain'); l.info('an info'); l.warn('a warning'); l.error('an error', new Error('kaboom')); l.debug('dbg',{a:1}); l.info('two\\nlines');\n",
    },
    run: "FORCE_COLOR=1 node a.js",
  },
  adze: {
    apart: true,
    npm: ["adze"],
    files: {
      "a.mjs":
        "import adze from 'adze'; for (const k of ['debug','verbose','info','log','success','warn','fail','error','alert']) adze[k]('a '+k+' line'); adze.timestamp.ns('cart').info('scoped'); adze.withEmoji?.info?.('emoji'); adze.error(new Error('kaboom'));\n",
    },
    run: "FORCE_COLOR=1 node a.mjs",
  },
  captains: {
    apart: true,
    npm: ["captains-log"],
    files: {
      "a.js":
        "const l=require('captains-log')({level:'silly'}); for (const k of ['silly','verbose','info','debug','warn','error']) l[k]('a '+k+' line'); l.error(new Error('kaboom')); l.info('two\\nlines'); l.info({a:1});\n",
    },
    run: "FORCE_COLOR=1 node a.js",
  },
  roarr: {
    apart: true,
    npm: ["roarr"],
    files: {
      "a.js":
        "process.env.ROARR_LOG='true'; const {Roarr:l}=require('roarr'); for (const k of ['trace','debug','info','warn','error','fatal']) l[k]('a '+k+' line'); l.info({order:7},'order %s paid',7);\n",
    },
    run: "ROARR_LOG=true node a.js",
  },
  snl: {
    apart: true,
    npm: ["simple-node-logger"],
    files: {
      "a.js":
        "const l=require('simple-node-logger').createSimpleLogger(); l.setLevel('trace'); for (const k of ['trace','debug','info','warn','error','fatal']) l[k]('a '+k+' line'); l.info('order ', 7, ' paid'); l.error('failed ', new Error('kaboom').stack);\n",
    },
    run: "FORCE_COLOR=1 node a.js",
  },
  elixir: {
    apart: true,
    files: {
      "a.exs":
        'require Logger\nLogger.debug("a debug line"); Logger.info("an info line"); Logger.notice("a notice"); Logger.warning("a warning"); Logger.error("an error line"); Logger.info("two\\nlines")\nLogger.critical("gone")\nspawn(fn -> raise "kaboom" end)\nProcess.sleep(300)\nTask.start(fn -> :maps.get(:a, %{}) end)\nProcess.sleep(300)\nLogger.info("last", order: 7)\nLogger.flush()\n',
    },
    run: "elixir a.exs",
  },
  tor: {
    apart: true,
    files: {},
    run: 'tor --DataDirectory "$PWD/d" --SocksPort 28150 --Log "info stdout" & pid=$!; sleep 4; kill $pid; wait $pid; true',
  },
  knot: {
    apart: true,
    files: {
      "k.conf":
        'server:\n    rundir: "@FOLDER@"\n    listen: 127.0.0.1@28180\nlog:\n  - target: stdout\n    any: debug\ndatabase:\n    storage: "@FOLDER@"\nzone:\n  - domain: example.com\n    storage: "@FOLDER@"\n    file: "z"\n  - domain: broken.example\n    storage: "@FOLDER@"\n    file: "nofile"\n',
      z: "$ORIGIN example.com.\n@ 3600 SOA ns.example.com. a.example.com. 1 2 3 4 5\n@ NS ns\nns A 127.0.0.1\n",
    },
    run: "knotd -c k.conf & pid=$!; sleep 3; kill $pid; wait $pid; true",
  },
  nsd: {
    apart: true,
    files: {
      "n.conf":
        'server:\n  ip-address: 127.0.0.1@28370\n  username: ""\n  zonesdir: "@FOLDER@"\n  pidfile: ""\n  database: ""\n  xfrdfile: "@FOLDER@/x"\n  zonelistfile: "@FOLDER@/zl"\n  verbosity: 3\nremote-control:\n  control-enable: no\nzone:\n  name: broken.example\n  zonefile: nofile\n',
    },
    run: "nsd -d -V 3 -c n.conf & pid=$!; sleep 3; kill $pid; wait $pid; true",
  },
  gearmand: {
    apart: true,
    files: {},
    run: "gearmand -l stderr --verbose=INFO -L 127.0.0.1 -p 28410 & pid=$!; sleep 3; kill $pid; wait $pid; true",
  },
  kea: {
    apart: true,
    files: {
      "k.json":
        '{"Dhcp4":{"interfaces-config":{"interfaces":[]},"lease-database":{"type":"memfile","persist":false},"subnet4":[{"subnet":"10.0.0.0/24","pools":[{"pool":"10.0.0.10-10.0.0.20"}]}],"loggers":[{"name":"kea-dhcp4","output_options":[{"output":"stdout"}],"severity":"DEBUG","debuglevel":10}]}}',
    },
    run: "KEA_PIDFILE_DIR=$PWD KEA_LOCKFILE_DIR=$PWD kea-dhcp4 -c k.json & pid=$!; sleep 3; kill $pid; wait $pid; true",
  },
  syncthing: {
    apart: true,
    files: {},
    run: "syncthing serve --home=$PWD/h --no-browser --no-restart --gui-address=127.0.0.1:28330 & pid=$!; sleep 8; kill $pid; wait $pid; true",
  },
  signale: {
    npm: ["signale"],
    files: {
      "app.mjs":
        "import s from 'signale'; const {Signale}=s; const l=new Signale({scope:'cart',config:{displayTimestamp:true}});\nfor (const k of ['debug','info','note','success','warn','error','fatal']) l[k]('a '+k+' line'); l.error(new Error('kaboom')); l.info('two\\nlines');\n",
    },
    run: "FORCE_COLOR=1 node app.mjs",
  },
  tracer: {
    npm: ["tracer"],
    files: {
      "app.cjs":
        "const l=require('tracer').console(); for (const k of ['log','trace','debug','info','warn','error','fatal']) l[k]('a '+k+' line'); l.info('two\\nlines'); l.error(new Error('kaboom'));\n",
    },
    run: "FORCE_COLOR=1 node app.cjs",
  },
  "electron-log": {
    npm: ["electron-log"],
    files: {
      "app.cjs":
        "const l=require('electron-log/node'); l.transports.file.level=false; for (const k of ['silly','debug','verbose','info','warn','error']) l[k]('a '+k+' line'); l.scope('cart').info('scoped'); l.info('two\\nlines'); l.error(new Error('kaboom')); l.info({a:1,b:{c:[1,2]}});\n",
    },
    run: "FORCE_COLOR=1 node app.cjs",
  },
  logtape: {
    npm: ["@logtape/logtape"],
    files: {
      "app.mjs":
        "import {configure,getConsoleSink,getLogger} from '@logtape/logtape'; await configure({sinks:{c:getConsoleSink()},loggers:[{category:['shop'],sinks:['c'],lowestLevel:'trace'}]}); const l=getLogger(['shop','cart']); for (const k of ['trace','debug','info','warn','error','fatal']) l[k]('a '+k+' line'); l.info('two\\nlines'); l.error('order {id} failed',{id:7});\n",
    },
    run: "FORCE_COLOR=1 node app.mjs",
  },
  "loglevel-prefix": {
    npm: ["loglevel", "loglevel-plugin-prefix"],
    files: {
      "app.cjs":
        "const l=require('loglevel'),p=require('loglevel-plugin-prefix'); p.reg(l); p.apply(l,{template:'[%t] %l (%n):'}); l.setLevel('trace'); for (const k of ['debug','info','warn','error']) l[k]('a '+k+' line'); l.getLogger('cart').warn('named'); l.info('two\\nlines'); l.error('failed',new Error('kaboom'));\n",
    },
    run: "FORCE_COLOR=1 node app.cjs",
  },
  "jet-logger": {
    npm: ["jet-logger"],
    files: {
      "app.cjs":
        "const l=require('jet-logger').default??require('jet-logger'); l.info('an info'); l.imp('important'); l.warn('a warning'); l.err('an error'); l.err(new Error('kaboom'),true); l.info('two\\nlines');\n",
    },
    run: "FORCE_COLOR=1 node app.cjs",
  },
  "fancy-log": {
    npm: ["fancy-log"],
    files: {
      "app.mjs":
        "import l from 'fancy-log'; l('a line'); l.info('an info'); l.warn('a warning'); l.error('an error'); l.error(new Error('kaboom')); l('two\\nlines');\n",
    },
    run: "FORCE_COLOR=1 node app.mjs",
  },
  "python-handlers": {
    files: {
      "app.py":
        "import logging.config, warnings\nlogging.config.dictConfig({'version':1,'formatters':{'a':{'format':'%(levelname)-8s [%(filename)s:%(lineno)d] %(message)s'},'b':{'format':'%(asctime)s.%(msecs)03d %(process)d %(threadName)s %(name)s[%(levelname)s] %(message)s','datefmt':'%d/%m/%y %H:%M:%S'}},'handlers':{'h':{'class':'logging.StreamHandler','formatter':'a'},'g':{'class':'logging.StreamHandler','formatter':'b','stream':'ext://sys.stdout'}},'root':{'level':'DEBUG','handlers':['h','g']}})\nl=logging.getLogger('shop.cart')\nfor k in ['debug','info','warning','error','critical']: getattr(l,k)('a %s line',k)\nl.info('two\\nlines')\ntry: {}['a']\nexcept KeyError: l.exception('failed')\n",
    },
    run: `${python} app.py`,
  },
  dnsmasq: {
    files: {},
    run: "timeout 2 dnsmasq -d -q -p 28994 --log-facility=- ; true",
  },
  unbound: {
    files: {
      "u.conf":
        'server:\n verbosity: 2\n interface: 127.0.0.1@28993\n use-syslog: no\n logfile: ""\n chroot: ""\n username: ""\n pidfile: ""\nremote-control:\n control-enable: no\n',
    },
    run: "timeout 2 unbound -d -c u.conf; true",
  },
  tinyproxy: {
    files: { "t.conf": "Port 28992\nListen 127.0.0.1\nTimeout 5\nLogLevel Info\nAllow 127.0.0.1\n" },
    run: "tinyproxy -d -c t.conf & pid=$!; sleep 1; curl -s -m1 -x http://127.0.0.1:28992 http://127.0.0.1:1/x; kill $pid; wait $pid; true",
  },
  pino: {
    npm: ["pino"],
    files: {
      "app.mjs":
        "import pino from 'pino';\nconst log = pino({ name: 'shop', level: 'trace' });\nfor (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal']) log[level]({ order: 7 }, 'a ' + level + ' line');\nlog.error(new Error('boom'));\nlog.child({ component: 'cart' }).info('from a child');\npino({ formatters: { level: (label) => ({ level: label }) } }).warn('with a word');\n",
    },
    run: "node app.mjs",
  },
  bunyan: {
    npm: ["bunyan"],
    files: {
      "app.mjs":
        "import bunyan from 'bunyan';\nconst log = bunyan.createLogger({ name: 'shop', level: 'trace' });\nfor (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal']) log[level]({ order: 7 }, 'a ' + level + ' line');\nlog.error(new Error('boom'));\n",
    },
    run: "node app.mjs",
  },
  winston: {
    npm: ["winston"],
    files: {
      "app.mjs":
        "import winston from 'winston';\nconst { combine, timestamp, json, colorize, simple } = winston.format;\nconst make = (format) => winston.createLogger({ level: 'silly', format, transports: [new winston.transports.Console()] });\nconst log = make(combine(timestamp(), json()));\nfor (const level of ['silly', 'debug', 'verbose', 'http', 'info', 'warn', 'error']) log[level]('a ' + level + ' line', { order: 7 });\nmake(combine(colorize(), json())).warn('coloured');\nmake(simple()).error('simple');\nmake(combine(colorize(), simple())).warn('simple and coloured');\n",
    },
    run: "node app.mjs",
  },
  log4js: {
    npm: ["log4js"],
    files: {
      "app.mjs":
        "import log4js from 'log4js';\nconst log = log4js.getLogger('cart');\nlog.level = 'trace';\nfor (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal']) log[level]('a ' + level + ' line');\n",
    },
    run: "node app.mjs",
  },
  structlog: {
    files: {
      "app.py":
        "import structlog\nfrom structlog import processors as p\nstructlog.configure(processors=[structlog.stdlib.add_log_level, p.TimeStamper(fmt='iso'), p.dict_tracebacks if hasattr(p, 'dict_tracebacks') else p.format_exc_info, p.JSONRenderer()])\nlog = structlog.get_logger()\nlog.debug('cache_miss', key='a')\nlog.info('user logged in', user='ann', attempts=2)\nlog.warning('disk_low', free=0.1)\nlog.critical('gone')\ntry:\n    1 / 0\nexcept ZeroDivisionError:\n    log.exception('failed')\nstructlog.configure(processors=[structlog.stdlib.add_log_level, p.LogfmtRenderer(key_order=['level', 'event'])])\nstructlog.get_logger().warning('two words', free=0.5, user='ann', ok=True)\nstructlog.reset_defaults()\nstructlog.get_logger().info('on a console', order=7)\n",
    },
    run: `${python} app.py`,
  },
  "python-json-logger": {
    files: {
      "app.py":
        "import logging, sys\nfrom pythonjsonlogger import jsonlogger\nh = logging.StreamHandler(sys.stdout)\nh.setFormatter(jsonlogger.JsonFormatter('%(asctime)s %(levelname)s %(name)s %(message)s'))\nlog = logging.getLogger('shop.cart')\nlog.addHandler(h)\nlog.setLevel(1)\nlog.debug('a debug line')\nlog.info('a line', extra={'order': 7, 'event_type': 'order_paid'})\nlog.warning('a warning')\nlog.critical('gone')\ntry:\n    1 / 0\nexcept ZeroDivisionError:\n    log.exception('failed')\nh.setFormatter(jsonlogger.JsonFormatter('%(levelno)d %(message)s'))\nlog.error('by number')\n",
    },
    run: `${python} app.py`,
  },
  "python-logging": {
    files: {
      "app.py":
        "import logging, sys\nformats = [logging.BASIC_FORMAT, '%(asctime)s - %(name)s - %(levelname)s - %(message)s', '%(asctime)s %(levelname)s %(name)s: %(message)s', '%(asctime)s [%(levelname)s] %(name)s: %(message)s', '%(asctime)s | %(levelname)-8s | %(name)s | %(message)s', '%(asctime)s %(levelname)s %(message)s', '[%(asctime)s] %(levelname)s in %(module)s: %(message)s', '%(asctime)s - %(levelname)s - %(message)s', '[%(levelname)s] %(message)s', '%(levelname)s %(message)s']\nfor format in formats:\n    logging.basicConfig(force=True, level=1, stream=sys.stdout, format=format)\n    log = logging.getLogger('shop.cart')\n    log.debug('a debug line')\n    log.warning('a warning: two - parts')\n    log.critical('gone')\n",
    },
    run: `${python} app.py`,
  },
  uvicorn: {
    files: {
      "app.py":
        "async def app(scope, receive, send):\n    if scope['type'] != 'http':\n        return\n    status = 404 if scope['path'] == '/missing' else 200\n    await send({'type': 'http.response.start', 'status': status, 'headers': []})\n    await send({'type': 'http.response.body', 'body': b'x'})\n",
    },
    run: `${askThree(`${python} -m uvicorn app:app --port 18461 --no-use-colors`, 18461)}; ${askThree(`${python} -m uvicorn app:app --port 18462 --use-colors`, 18462)}`,
  },
  gunicorn: {
    files: {
      "app.py":
        "def app(environ, start_response):\n    start_response('404 Not Found' if environ['PATH_INFO'] == '/missing' else '200 OK', [('Content-Length', '1')])\n    return [b'x']\n",
    },
    run: askThree("gunicorn -b 127.0.0.1:18463 --access-logfile - app:app", 18463),
  },
  flask: {
    files: {
      "app.py":
        "from flask import Flask\napp = Flask('shop')\n@app.route('/')\ndef index():\n    app.logger.warning('asked')\n    return 'x'\n@app.route('/missing')\ndef missing():\n    raise ValueError('boom')\napp.run(port=18464)\n",
    },
    run: askThree(`${python} app.py`, 18464),
  },
  nginx: {
    files: {
      "nginx.conf":
        "daemon off;\nmaster_process off;\npid nginx.pid;\nerror_log error.txt notice;\nevents {}\nhttp {\n  access_log access.txt combined;\n  server { listen 127.0.0.1:18465; root /usr/share/nginx/html; }\n}\n",
    },
    run: `${askThree('nginx -p "$PWD" -e error.txt -c nginx.conf', 18465)}; grep -v 'OS: ' error.txt; cat access.txt`,
  },
  apache: {
    files: {
      "apache.conf":
        'ServerRoot /etc/apache2\nServerName shop\nPidFile @FOLDER@/apache.pid\nDefaultRuntimeDir @FOLDER@\nMutex file:@FOLDER@\nListen 127.0.0.1:18466\nLoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so\nLoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so\nErrorLog @FOLDER@/error.txt\nLogLevel info\nLogFormat "%h %l %u %t \\"%r\\" %>s %O \\"%{Referer}i\\" \\"%{User-Agent}i\\"" combined\nCustomLog @FOLDER@/access.txt combined\nLogFormat "%h %l %u %t \\"%r\\" %>s %b" common\nCustomLog @FOLDER@/access.txt common\nDocumentRoot /usr/share\n',
    },
    run: `${askThree('apache2 -DFOREGROUND -f "$PWD/apache.conf"', 18466)}; cat error.txt access.txt`,
  },
  redis: {
    files: {},
    run: "timeout -s TERM 2 redis-server --port 18467 --save '' --loglevel debug; true",
  },
  postgresql: {
    files: {
      "run.sh":
        'bin=$(ls -d /usr/lib/postgresql/*/bin | tail -1)\n$bin/initdb -D data -A trust > init.txt 2>&1\n$bin/postgres -D data -k "$PWD" -c listen_addresses= &\npid=$!; sleep 2\npsql -h "$PWD" -d postgres -c "select\n  1 / 0" > answer 2>&1\npsql -h "$PWD" -d postgres -c "select missing" > answer 2>&1\npsql -h "$PWD" -d nowhere -c "select 1" > answer 2>&1\npsql -h "$PWD" -d postgres -c "do \\$\\$ begin raise warning \'low\'; end \\$\\$" > answer 2>&1\nkill -INT $pid; wait $pid\n',
    },
    run: "chown -R postgres . && runuser -u postgres -- sh run.sh",
  },
  "ruby-logger": {
    files: {
      "app.rb":
        "require 'logger'\nlog = Logger.new($stdout, progname: 'shop')\nlog.debug('a debug line')\nlog.info('a line')\nlog.warn('a warning')\nlog.error('failed')\nlog.fatal('gone')\n",
    },
    run: "ruby app.rb",
  },
  prometheus: {
    files: {
      "prometheus.yml": "global:\n  scrape_interval: 1s\n",
      "wrong.yml": "global:\n  scrap_interval: 1s\n",
    },
    run: "timeout -s TERM 3 prometheus --config.file=prometheus.yml --web.listen-address=127.0.0.1:18468 2>&1 | grep -v -e host_details -e build_context; prometheus --config.file=wrong.yml; prometheus --config.file=prometheus.yml --log.format=json --web.listen-address=nowhere; true",
  },
  "java-logging": {
    files: {
      "App.java":
        'import java.util.logging.*;\npublic class App {\n  static final Logger log = Logger.getLogger("shop.cart");\n  public static void main(String[] args) {\n    Handler console = new ConsoleHandler();\n    console.setLevel(Level.ALL);\n    log.setUseParentHandlers(false);\n    log.addHandler(console);\n    log.setLevel(Level.ALL);\n    log.finest("a finest line");\n    log.fine("a fine line");\n    log.config("a setting");\n    log.info("a line");\n    log.warning("two\\nlines");\n    try {\n      Object none = null;\n      none.toString();\n    } catch (RuntimeException error) {\n      log.log(Level.SEVERE, "failed", new IllegalStateException("cannot pay", error));\n    }\n    log.info("going on");\n    System.out.println("plain");\n  }\n}\n',
    },
    run: "LC_ALL=C java -Duser.language=en App.java",
  },
  caddy: {
    files: {
      Caddyfile:
        "{\n  admin off\n  auto_https off\n}\nhttp://127.0.0.1:18469 {\n  log\n  respond /missing 404\n  respond hello\n}\n",
    },
    run: `HOME="$PWD" && export HOME; ${askThree("caddy run --config Caddyfile", 18469)}`,
  },
  zap: {
    files: {
      "app.go":
        'package main\n\nimport (\n\t"errors"\n\n\t"go.uber.org/zap"\n)\n\nfunc main() {\n\tfor _, make := range []func(...zap.Option) (*zap.Logger, error){zap.NewDevelopment, zap.NewProduction} {\n\t\tlog, _ := make()\n\t\tlog = log.Named("shop.cart")\n\t\tlog.Debug("a debug line")\n\t\tlog.Info("a line", zap.Int("order", 7))\n\t\tlog.Warn("a warning")\n\t\tlog.Error("failed", zap.Error(errors.New("boom")))\n\t\tlog.Info("going on")\n\t}\n}\n',
    },
    run: "GO111MODULE=off GOPATH=/usr/share/gocode GOFLAGS= go run app.go",
  },
};

const wanted = process.argv.slice(2);
mkdirSync(target, { recursive: true });
for (const [name, program] of Object.entries(programs)) {
  if (wanted.length === 0 || wanted.includes(name)) capture(name, program);
}

function capture(name, program) {
  const folder = mkdtempSync(join(tmpdir(), "lines-"));
  chmodSync(folder, 0o755);
  for (const [file, text] of Object.entries(program.files))
    writeFileSync(join(folder, file), text.replaceAll("@FOLDER@", folder));
  if (program.npm !== undefined) {
    spawnSync("npm", ["install", "--prefix", folder, "--no-audit", "--no-fund", ...program.npm], {
      cwd: folder,
    });
  }
  const run = spawnSync("sh", ["-c", `{ ${program.run}\n}${program.apart ? "" : " 2>&1"}`], {
    cwd: folder,
    encoding: "utf8",
    timeout: 60_000,
  });
  rmSync(folder, { recursive: true, force: true });
  const text = run.stdout.replaceAll(folder, "/app");
  if (run.status !== 0 || (text === "" && !program.apart))
    console.log(`${name}: left out, status ${run.status}: ${text.slice(0, 300)}`);
  else if (program.apart) {
    keepApart(name, { out: text, err: run.stderr.replaceAll(folder, "/app") });
  } else {
    writeFileSync(join(target, `${name}.txt`), text);
    console.log(`${name}: ${text.split("\n").length - 1} lines`);
  }
}

function keepApart(name, streams) {
  for (const [stream, text] of Object.entries(streams)) {
    if (text !== "") writeFileSync(join(apartTarget, `${name}.${stream}`), text);
    console.log(`${name}.${stream}: ${text.split("\n").length - 1} lines`);
  }
}
